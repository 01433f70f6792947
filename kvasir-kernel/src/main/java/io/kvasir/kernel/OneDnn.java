package io.kvasir.kernel;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether products in bf16 by oneDNN ({@link Bf16Matmul}) can be had in this process. They need its
 * library on the class path, Linux on x86-64, and a processor that multiplies bf16 (AVX-512 BF16 or
 * AMX); whatever is missing is a {@link #refusal}, never an error. {@code -Dkvasir.onednn=off} or
 * {@code KVASIR_ONEDNN=off} refuses too.
 */
public final class OneDnn {
  private static final int AVX512_CORE_BF16 = 0xe7;

  private OneDnn() {}

  /** The first question loads the library; the answer stays. */
  private static final class Answer {
    static final Optional<String> REFUSAL = probe();
  }

  /** True if bf16 products can be had; the first call takes tens of milliseconds. */
  public static boolean available() {
    return Answer.REFUSAL.isEmpty();
  }

  /** Why not, in a few words; empty if {@link #available()}. */
  public static Optional<String> refusal() {
    return Answer.REFUSAL;
  }

  /** The library's version, such as {@code 3.11.2}; empty unless {@link #available()}. */
  public static Optional<String> version() {
    if (!available()) {
      return Optional.empty();
    }
    long numbers = OneDnnApi.get("dnnl_version"); // int major, minor, patch
    return Optional.of(
        IntStream.range(0, 3)
            .mapToObj(i -> Integer.toString(Native.ALL.get(ValueLayout.JAVA_INT, numbers + 4L * i)))
            .collect(Collectors.joining(".")));
  }

  private static Optional<String> probe() {
    if (isOff(System.getProperty("kvasir.onednn")) || isOff(System.getenv("KVASIR_ONEDNN"))) {
      return Optional.of("turned off");
    }
    if (!processorHasBf16()) {
      return Optional.of("this processor has no bf16 products that are known here");
    }
    try {
      long isa = OneDnnApi.get("dnnl_get_effective_cpu_isa");
      LibraryPages.release(OneDnnApi.library());
      return (isa & AVX512_CORE_BF16) == AVX512_CORE_BF16
          ? Optional.empty()
          : Optional.of("the library does not use bf16 on this processor");
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of("the library cannot be loaded: " + cause.getMessage());
    }
  }

  private static boolean isOff(@Nullable String setting) {
    return setting != null && setting.toLowerCase(Locale.ROOT).equals("off");
  }

  /** Asked before the library is loaded, which would be in vain on most older machines. */
  private static boolean processorHasBf16() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .limit(1)
          .anyMatch(line -> line.contains(" avx512_bf16"));
    } catch (IOException e) {
      return false;
    }
  }
}
