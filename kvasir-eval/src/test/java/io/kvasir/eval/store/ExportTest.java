package io.kvasir.eval.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExportTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void fill() {
    file = fill("results.duckdb", 1, 0);
  }

  /** Equal results, written in this order of contexts. */
  private Path fill(String name, int... contexts) {
    Path filled = folder.resolve(name);
    try (Results results = Results.open(filled)) {
      results.putAll(Rows.oneOfEach());
      for (int context : contexts) {
        results.put(Rows.cell(context, 2));
      }
    }
    return filled;
  }

  @ParameterizedTest
  @EnumSource
  void equalResultsGiveEqualFilesWhateverTheOrderTheyCameIn(Export.Format format)
      throws IOException {
    List<Path> one = Export.write(file, folder.resolve("it's one"), format);
    List<Path> two = Export.write(fill("two.duckdb", 0, 1), folder.resolve("two"), format);
    assertThat(one).hasSameSizeAs(two).isNotEmpty();
    for (int i = 0; i < one.size(); i++) {
      assertThat(one.get(i)).hasSameBinaryContentAs(two.get(i));
    }
    try (var left = Files.list(folder.resolve("two"))) {
      assertThat(left.map(path -> path.getFileName().toString())).noneMatch(n -> n.startsWith("."));
    }
  }

  @Test
  void parquetHoldsEveryValue() throws SQLException {
    Path parquet = folder.resolve("parquet");
    Export.write(file, parquet, Export.Format.PARQUET);
    try (Connection connection = Database.inMemory();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                Table.of(ItemRow.class)
                    .select()
                    .replace("\"item\"", "'%s/item.parquet'".formatted(parquet)))) {
      assertThat(Table.of(ItemRow.class).read(found))
          .containsExactly(Rows.item(0, 0), Rows.item(0, 1), Rows.item(1, 0), Rows.item(1, 1));
    }
  }

  @Test
  void csvHasAHeaderAndARowEach() throws IOException {
    Export.write(file, folder, Export.Format.CSV);
    assertThat(folder.resolve("plan.csv"))
        .hasContent("plan_sha,text,label,roles,tag\np1,snapkv(keep=25%),snap,scorer snapkv,small");
  }

  @Test
  void jsonHasNullWhereANumberIsNotFinite() throws IOException {
    Export.write(file, folder, Export.Format.JSON);
    JsonNode first = MAPPER.readTree(Files.readString(folder.resolve("divergence.json"))).get(0);
    assertThat(first.get("nll").doubleValue()).isEqualTo(2.5);
    assertThat(first.get("kl_p99").isNull()).isTrue();
    assertThat(first.get("kl_max").isNull()).isTrue();
    assertThat(first.get("far").booleanValue()).isTrue();
  }

  @Test
  void lmEvalGetsAFolderForEachCellWithMeansOverContexts() throws IOException {
    try (Results results = Results.open(file)) {
      results.put(
          new Cell(
              Rows.key("p1"),
              List.of(Rows.item(1, 0), Rows.item(1, 1)),
              List.of(Rows.answer(1, 0, 1), Rows.answer(1, 1, 1)),
              List.of()));
    }
    List<Path> written = Export.write(file, folder, Export.Format.LM_EVAL);
    Path cell = folder.resolve("smol/snap-p1-blind-exact-abc1234");
    assertThat(written)
        .containsExactly(cell.resolve("results.json"), cell.resolve("samples_kv_4096.jsonl"));

    JsonNode task =
        MAPPER.readTree(Files.readString(written.getFirst())).get("results").get("kv_4096");
    assertThat(task.get("score,none").doubleValue()).isEqualTo(0.75); // contexts: 0.5 and 1
    assertThat(task.get("score_stderr,none").doubleValue()).isEqualTo(0.25);

    List<String> samples = Files.readAllLines(written.getLast());
    assertThat(samples).hasSize(4);
    JsonNode last = MAPPER.readTree(samples.getLast());
    assertThat(last.get("doc_id").intValue()).isEqualTo(3);
    assertThat(last.get("resps").get(0).get(0).stringValue()).isEqualTo("said \u0000 \"so\"\n");
    assertThat(last.get("score").doubleValue()).isEqualTo(1);
    assertThat(last.get("doc").get("context_no").intValue()).isEqualTo(1);
  }

  @Test
  void aLabelLeadsNowhere() throws IOException {
    try (Results results = Results.open(file)) {
      results.put(new PlanRow("p1", "q8", "../../etc/x", "codec q8", Optional.empty()));
    }
    Path cells = folder.resolve("cells");
    assertThat(Export.write(file, cells, Export.Format.LM_EVAL))
        .allMatch(path -> path.normalize().startsWith(cells.resolve("smol")));
  }

  @Test
  void anUnknownFormatIsRefused() {
    assertThatThrownBy(() -> Export.Format.parse("xml"))
        .isInstanceOf(InputException.class)
        .hasMessage("unknown format \"xml\"; expected parquet, csv, json or lm-eval");
    assertThat(Export.Format.parse("lm-eval")).isEqualTo(Export.Format.LM_EVAL);
  }
}
