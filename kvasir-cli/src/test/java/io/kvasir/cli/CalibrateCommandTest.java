package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
  private static final String PLAN = "qfilters(keep=50%)";

  @TempDir static Path home;
  private static String text = "";

  @BeforeAll
  static void writeModel() throws IOException {
    Files.createDirectories(home.resolve("models"));
    SmallModel.write(home.resolve("models").resolve("small.gguf"), 512);
    text = Files.writeString(home.resolve("text"), "Words to learn from. ".repeat(50)).toString();
  }

  private static KvasirProcess.Ran kvasir(String... arguments) {
    return new KvasirProcess(Map.of("KVASIR_HOME", home.toString())).run(arguments);
  }

  private static KvasirProcess.Ran calibrate(String... arguments) {
    String[] all = new String[arguments.length + 3];
    System.arraycopy(new String[] {"calibrate", "-m", "small"}, 0, all, 0, 3);
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return kvasir(all);
  }

  @Test
  void aPlanIsRefusedWithTheCommandAfterWhichItRuns() {
    String[] inspect = {"inspect", "-m", "small", "--text", "Words", "--kv", PLAN, "--json"};
    KvasirProcess.Ran refused = kvasir(inspect);
    assertThat(refused.exit()).isEqualTo(Failures.WRONG_INPUT);
    assertThat(refused.err())
        .endsWith(
            "qfilters has not been calibrated for small; first run: "
                + "kvasir calibrate qfilters --model small --text FILE\n");

    KvasirProcess.Ran ran = calibrate("qfilters", "--text", text, "--tokens", "600", "--json");
    assertThat(ran.exit()).as(ran.err()).isZero();
    Map<String, Object> result = Json.object(ran.out());
    assertThat(result)
        .containsEntry("method", "qfilters")
        .containsEntry("model", "small")
        .containsEntry("prompts", 1L)
        .containsEntry("tokens", 512L);
    String file = Cli.at(result, "file");
    assertThat(Path.of(file)).startsWith(home).exists();

    KvasirProcess.Ran accepted = kvasir(inspect);
    assertThat(accepted.exit()).as(accepted.err()).isZero();
    assertThat(accepted.out()).contains("\"kept\"");
  }

  @Test
  void wrongInputIsToldInOneSentence() {
    Cli.Ran learnsNothing = Cli.run("calibrate", "knorm", "--text", text);
    assertThat(learnsNothing.exit()).isEqualTo(Failures.WRONG_INPUT);
    assertThat(learnsNothing.err())
        .startsWith("kvasir: \"knorm\" is not calibrated; expected one of qfilters, ");
    assertThat(Cli.run("calibrate", "qfilters(rank=2)", "--text", text))
        .isEqualTo(refused("qfilters: unknown parameter \"rank\"; it takes none"));
    assertThat(Cli.run("calibrate", "qfilters", "--text", text, "--tokens", "0"))
        .isEqualTo(refused("--tokens=0 must be at least 1"));
    assertThat(Cli.run("calibrate", "qfilters", "--text", home.resolve("none").toString()))
        .isEqualTo(refused("no file at " + home.resolve("none")));
    assertThat(
            Cli.run(
                new byte[] {'a', 'b'},
                "calibrate",
                "qfilters",
                "-m",
                home.resolve("models").resolve("small.gguf").toString(),
                "--text",
                "-"))
        .isEqualTo(refused("the text has 2 tokens; expected at least 256 to calibrate on"));
  }

  private static Cli.Ran refused(String sentence) {
    return new Cli.Ran(Failures.WRONG_INPUT, "", "kvasir: " + sentence + "\n");
  }
}
