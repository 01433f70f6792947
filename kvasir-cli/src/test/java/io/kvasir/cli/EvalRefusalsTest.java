package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.Digest;
import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code kvasir eval} refuses: one sentence, exit code 2, before a model is loaded. */
class EvalRefusalsTest {
  @TempDir private static Path folder;
  private static String model = "";

  @BeforeAll
  static void writeAModel() {
    model = SmallModel.write(folder.resolve("small.gguf"), 4096).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "snapkv(keep=0)         ! 1:1: keep=0",
        "snapvk(keep=50%)       ! 1:1: unknown method \"snapvk\" in \"snapvk(keep=50%)\"; nearest: snapkv",
        "snapkv(kep=50%)        ! 1:8: snapkv: unknown parameter \"kep\", nearest: keep",
        "q8 @ prefil=exact      ! 1:6: unknown key \"prefil\", nearest: prefill; known: prefill, tag",
        "kivi(bits={})          ! 1:12: a set has an empty value",
        "let K = {}             ! 1:10: a set has an empty value",
        "q8 @ prefill=chunky    ! 1:14: prefill mode \"chunky\" is unknown"
      })
  void aPlanFileIsRefusedWithItsLine(String plan, String message) throws IOException {
    assertThat(refused(plan, "--tasks", "kv", "--ctx", "3k"))
        .startsWith(folder.resolve("plans.txt") + ":" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "--tasks kvv --ctx 3k            ! unknown task \"kvv\", nearest: kv, vt; known: text, ",
        "--tasks vt(hop=2) --ctx 3k      ! vt: unknown parameter \"hop\"; known: hops",
        "--tasks kv --ctx 8k             ! ctx 8192 is more than the 4096 tokens that small was made for",
        "--tasks kv --ctx 200            ! kv: ctx 200 is too short: ",
        "--tasks kv --ctx 3k --contexts 0 ! contexts=0 is out of range; expected 1 to 10000",
        "--tasks kv --ctx 3k --cost --rounds 0 ! rounds=0 is out of range; expected 1 to 1000",
        "--tasks kv --ctx 0              ! Invalid value for option '--ctx' (N,..): \"0\" is no number of tokens",
        "--tasks kv --suite quik         ! Invalid value for option '--suite': expected one of [QUICK, STANDARD, FULL] (case-insensitive) but was 'quik'"
      })
  void anOptionIsRefusedWithItsValue(String options, String message) throws IOException {
    assertThat(refused("q8", options.split(" "))).startsWith(message);
  }

  @Test
  void aTextThatIsTooShortIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("short.txt"), "It was a dark night.");
    assertThat(refused("q8", "--tasks", "text", "--ctx", "2k", "--text", text.toString()))
        .isEqualTo(
            "text: %s has 5 words, too few for ctx 2048; give a longer text".formatted(text));
  }

  @Test
  void resultsOfANewerSchemaOrAnotherWriterAreRefused() throws Exception {
    Path out = Files.createDirectory(folder.resolve("taken"));
    Path file = out.resolve("results.duckdb");
    String[] sweep = {"--tasks", "kv", "--ctx", "3k", "--out", out.toString()};
    try (Results other = Results.open(file)) {
      assertThat(refused("q8", sweep))
          .isEqualTo(
              file + " is in use by this process already; close it first, or take another file");
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("COMMENT ON TABLE run IS 'kvasir results 99'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    assertThat(refused("q8", sweep))
        .startsWith(file + " has schema 99, this Kvasir knows up to ")
        .endsWith("; use a newer Kvasir");
  }

  @Test
  @Tag("slow")
  void aCellThatFailsStoresWhyAndTheOthersAreWeighed() throws IOException {
    Path out = folder.resolve("failing");
    Cli.Ran ran =
        sweep(
            "knorm(keep=1KB)\nq8",
            "--tasks",
            "kv",
            "--ctx",
            "3k",
            "--contexts",
            "1",
            "--out",
            out.toString());
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "kvasir: failed: 3 cells or measurements; the answers of cells in %s say why%n"
                .formatted(out.resolve("results.duckdb")));
    assertThat(ran.out()).containsPattern("(?m)^q8 +0\\.000");
    try (Results results = Results.read(out.resolve("results.duckdb"))) {
      assertThat(results.rows(AnswerRow.class))
          .filteredOn(row -> row.planSha().equals(Digest.hex("knorm(keep=1KB) | f16")))
          .hasSize(8)
          .allSatisfy(
              row -> assertThat(row.error().orElseThrow()).startsWith("keep=1KB is too small"));
    }
  }

  private static String refused(String plan, String... options) throws IOException {
    Cli.Ran ran = sweep(plan, options);
    assertThat(ran.exit()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.out()).isEmpty();
    return ran.err().strip().replaceFirst("^kvasir: ", "");
  }

  private static Cli.Ran sweep(String plan, String... options) throws IOException {
    Path plans = Files.writeString(folder.resolve("plans.txt"), plan);
    List<String> arguments =
        new ArrayList<>(List.of("eval", "-m", model, "--plans", plans.toString()));
    for (String option : options) {
      if (!option.isBlank()) {
        arguments.add(option);
      }
    }
    return Cli.run(arguments.toArray(new String[0]));
  }
}
