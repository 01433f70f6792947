package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
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

  private static Cli.Ran show(String task, String... more) {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(new String[] {"eval", "show", task, "-m", model}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Cli.run(arguments);
  }
}
