package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
  @TempDir private static Path folder;
  private static String model = "";

  @BeforeAll
  static void writeAModel() {
    model = SmallModel.write(folder.resolve("small.gguf"), 4096).toString();
  }

  @Test
  void listsTheTasks() {
    Cli.Ran ran = Cli.run("eval", "list");
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines()).anyMatch(line -> line.startsWith("kv ") && line.contains("UUID"));
    assertThat(Cli.run("eval", "list", "--json").out()).contains("\"name\" : \"niah-mk3\"");
  }

  @Test
  void showsAContextOfATask() {
    Cli.Ran ran = Cli.run("eval", "show", "kv", "-m", model, "--ctx", "3k");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.lines().getFirst()).startsWith("kv: look up a key");
    assertThat(ran.lines()).filteredOn(line -> line.startsWith("  question ")).hasSize(8);
    Cli.Ran json = Cli.run("eval", "show", "kv", "-m", model, "--ctx", "3k", "--json");
    assertThat(json.json()).containsEntry("ctx", 3072L).containsEntry("seed", 1L);
    assertThat(json.json()).extractingByKey("questions", LIST).hasSize(8);
  }

  @Test
  void findsTextsThatAreSharedBetweenCheckouts() throws IOException {
    Path data = Files.createDirectories(folder.resolve("shared/data"));
    Files.writeString(data.resolve("words.txt"), "seaweed and driftwood ".repeat(500));
    String reference = folder.resolve("shared/reference").toString();
    KvasirProcess.Ran ran =
        new KvasirProcess(Map.of("KVASIR_REFERENCE", reference))
            .run("eval", "show", "text", "-m", model, "--ctx", "1k", "--text", "words.txt");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("driftwood");
  }

  @Test
  void refusesWhatItCannotShow() {
    assertThat(show("kvv").err())
        .startsWith("kvasir: unknown task \"kvv\", nearest: kv, vt; known: ");
    assertThat(show("niah-*").err()).isEqualTo("kvasir: niah-* names 8 tasks; expected one\n");
    assertThat(show("kv", "--number", "-1").err())
        .isEqualTo("kvasir: number=-1 must be 0 or more\n");
    assertThat(show("kv", "--ctx", "2m").err())
        .contains("\"2m\" is no number of tokens, such as 512 or 4k");
    Cli.Ran ran = show("kv", "--ctx", "100");
    assertThat(ran.err()).startsWith("kvasir: kv: ctx 100 is too short: ");
    assertThat(ran.exit()).isEqualTo(2);
  }

  @Test
  void saysWhatASweepWouldDo() throws IOException {
    Cli.Ran ran = sweep("knorm(keep={50%,25%})", "--dry-run");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.lines().getFirst())
        .isEqualTo(
            "1 models, 8 plans and controls, tasks kv, ctx [3072], 1 contexts of each: 8 cells");
    assertThat(ran.lines())
        .hasSize(9)
        .contains(
            "  no-context @ prefill=exact", "  random(keep=25%,seed=0) | f16 @ prefill=exact");
    assertThat(folder.resolve("out/results.duckdb")).doesNotExist();
  }

  @Test
  void saysBeforehandThatResultsCannotBeOpened() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Path file = Files.writeString(other.resolve("results.duckdb"), "no database at all");
    Cli.Ran ran = sweep("q8", "--dry-run", "--out", other.toString());
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .isEqualTo("kvasir: " + file + " is no DuckDB database; expected a results.duckdb\n");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void refusesASweepBeforeAnythingIsWeighed() throws IOException {
    assertThat(sweep("snapvk(keep=50%)").err())
        .startsWith("kvasir: " + folder.resolve("plans.txt") + ":1:1: unknown method \"snapvk\"");
    assertThat(sweep("q8", "--ctx", "8k").err())
        .isEqualTo("kvasir: ctx 8192 is more than the 4096 tokens that small was made for\n");
    assertThat(sweep("q8", "--max-time", "soon").err())
        .contains("\"soon\" is no time, such as 90s, 30m or 2h");
    assertThat(sweep("q8", "--mem", "much").err()).contains("--mem").contains("much");
    assertThat(sweep("q8", "--mem", "much").exit()).isEqualTo(2);
  }

  @Test
  @Tag("slow")
  void weighsPlansAndGoesOnWhereItWasStopped() throws IOException {
    Cli.Ran first = sweep("q8");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("kv, ctx 3072, blind, prefill exact, 1 contexts")
        .containsPattern("q8 +0\\.000");
    assertThat(sweep("q8").out()).isEqualTo(first.out());
  }

  private static Cli.Ran sweep(String plan, String... more) throws IOException {
    Path plans = Files.writeString(folder.resolve("plans.txt"), plan);
    List<String> arguments =
        new ArrayList<>(List.of("eval", "--plans", plans.toString(), "-m", model, "--tasks", "kv"));
    arguments.addAll(List.of("--contexts", "1"));
    if (!List.of(more).contains("--out")) {
      arguments.addAll(List.of("--out", folder.resolve("out").toString()));
    }
    if (!List.of(more).contains("--ctx")) {
      arguments.addAll(List.of("--ctx", "3k"));
    }
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(new String[0]));
  }

  private static Cli.Ran show(String task, String... more) {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(new String[] {"eval", "show", task, "-m", model}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Cli.run(arguments);
  }
}
