package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.Models;
import io.kvasir.engine.References;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.KvPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory table of {@code docs/performance.md} says what the code says. */
class PerformanceDocTest {
  private static final int TOKENS = 8192;

  @ParameterizedTest
  @Tag("model")
  @ValueSource(
      strings = {
        "smollm2-135m-instruct",
        "qwen2.5-coder-0.5b-instruct",
        "qwen2.5-coder-1.5b-instruct",
        "gemma-3-270m"
      })
  void bytesPerTokenAreThoseOfTheCache(String model) throws IOException {
    List<List<String>> table = table();
    int column = table.getFirst().indexOf(model);
    assertThat(column).isPositive();
    try (ModelFile file = ModelFile.open(Models.require(model))) {
      for (List<String> row : table.subList(2, table.size())) {
        KvPlan plan = KvPlan.parse(row.getFirst().replace("`", ""));
        double bytes = Footprint.bytes(plan, file.config().kvShape(), TOKENS);
        assertThat(row.get(column))
            .as("%s, %s", plan, model)
            .isEqualTo(String.format(Locale.ROOT, "%,.0f", bytes / TOKENS));
      }
    }
  }

  /** The cells of the table, line by line; the second line is the ruler. */
  private static List<List<String>> table() throws IOException {
    String page = Files.readString(References.root().resolve("docs/performance.md"));
    return page.lines()
        .dropWhile(line -> !line.startsWith("| plan | smollm2"))
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.replaceAll("^\\| | \\|$", ""))
        .map(line -> Stream.of(line.split("(?<!\\\\)\\|")).map(PerformanceDocTest::cell).toList())
        .toList();
  }

  private static String cell(String text) {
    return text.replace("\\|", "|").strip();
  }
}
