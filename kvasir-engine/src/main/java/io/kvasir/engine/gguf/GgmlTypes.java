package io.kvasir.engine.gguf;

import io.kvasir.kernel.TensorType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The numbers that stand for tensor types in a file: those Kvasir reads, and names of others. */
final class GgmlTypes {
  private static final Map<Integer, TensorType> READ =
      Arrays.stream(TensorType.values())
          .collect(Collectors.toUnmodifiableMap(TensorType::ggmlId, Function.identity()));

  private static final Map<Integer, String> OTHERS =
      Map.ofEntries(
          Map.entry(4, "Q4_2"),
          Map.entry(5, "Q4_3"),
          Map.entry(9, "Q8_1"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(31, "Q4_0_4_4"),
          Map.entry(32, "Q4_0_4_8"),
          Map.entry(33, "Q4_0_8_8"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private GgmlTypes() {}

  static Optional<TensorType> of(int id) {
    return Optional.ofNullable(READ.get(id));
  }

  /** Name and number of a type that Kvasir does not read. */
  static String name(int id) {
    String name = OTHERS.get(id);
    String number = Integer.toUnsignedString(id);
    return name == null ? number : name + " (" + number + ")";
  }
}
