package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {
  @TempDir Path temp;
  private String model = "";

  @BeforeEach
  void write() {
    model = SmallModel.write(temp.resolve("small.gguf"), 256).toString();
  }

  @Test
  void everyPipedLineIsATurnAndBlankOnesAreNot() {
    Cli.Ran ran = chat("Hello\n\n   \nAgain\n", "--json");
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines()).hasSize(2);
    assertThat(ran.answer(0))
        .containsOnlyKeys(
            "text", "finish_reason", "ids", "kv", "ttft_seconds", "tokens_per_second");
    assertThat(ran.answer(0)).containsEntry("finish_reason", "length");
    assertThat(tokens(ran.answer(1))).isGreaterThan(tokens(ran.answer(0)));
  }

  @Test
  void laterTurnsSeeEarlierOnesUntilTheyAreForgotten() {
    List<Object> texts = texts(chat("One\nTwo\n/reset\nOne\nTwo\n", "--json"));
    assertThat(texts.get(2)).isEqualTo(texts.get(0));
    assertThat(texts.get(3)).isEqualTo(texts.get(1));
    assertThat(texts(chat("Two\n", "--json")).getFirst()).isNotEqualTo(texts.get(1));
  }

  @Test
  void aSystemPromptOutlivesAReset() {
    Cli.Ran ran = chat("One\n/reset\nOne\n", "--json", "--system", "Speak softly.");
    assertThat(texts(ran).get(1)).isEqualTo(texts(ran).get(0));
    assertThat(tokens(ran.answer(0))).isGreaterThan(tokens(chat("One\n", "--json").answer(0)));
    assertThat(tokens(ran.answer(1))).isEqualTo(tokens(ran.answer(0)));
  }

  @Test
  void answersGoToStandardOutputAndTheRestAside() {
    Cli.Ran ran = chat("/help\nHello\n/kv\n/what\n/exit\nNever read\n");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).isNotEmpty().doesNotContain("/reset").doesNotContain("tokens");
    assertThat(ran.err())
        .contains("/reset   forget everything but the system prompt")
        .containsPattern("f16: \\d+ tokens, cache \\d+(\\.\\d+)? kB")
        .contains("no command /what; /help lists them");
  }

  @Test
  void aPathIsNoCommand() {
    assertThat(chat("/etc/hosts\n/two words\n", "--json").lines()).hasSize(2);
  }

  @Test
  void aFullContextEndsAPipedChatWithBothNumbers() {
    Cli.Ran ran = chat("Hello\n" + "x".repeat(300) + "\nNever read\n", "--json");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.lines()).hasSize(1);
    assertThat(ran.err()).startsWith("kvasir: ").contains("256").hasLineCount(1);
  }

  @Test
  void aModelWithoutTemplateIsSaidToReadPlainTextOnce() {
    Path plain = SmallModel.writer("llama", 256).write(temp.resolve("plain.gguf"));
    Cli.Ran ran =
        Cli.run("One\nTwo\n".getBytes(UTF_8), "chat", "-m", plain.toString(), "--max-tokens", "3");
    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).containsOnlyOnce("plain has no chat template");
  }

  @Test
  void wrongInputIsRefusedInOneSentence() {
    refuses("unknown method \"qq\"", "--kv", "qq");
    refuses("temperature=-1.0", "--temperature=-1");
    Cli.Ran absent = Cli.run("Hello\n".getBytes(UTF_8), "chat", "-m", temp + "/absent.gguf");
    assertThat(absent.exit()).isEqualTo(2);
    assertThat(absent.err()).contains("no model").contains("absent.gguf");
    Cli.Ran bytes = Cli.run(new byte[] {(byte) 0xff, '\n'}, "chat", "-m", model);
    assertThat(bytes.exit()).isEqualTo(2);
    assertThat(bytes.err()).isEqualTo("kvasir: standard input is not UTF-8\n");
  }

  private void refuses(String sentence, String... arguments) {
    Cli.Ran ran = chat("Hello\n", arguments);
    assertThat(ran.exit()).as(sentence).isEqualTo(2);
    assertThat(ran.err()).startsWith("kvasir: ").contains(sentence).hasLineCount(1);
  }

  @Test
  @Tag("model")
  @Tag("slow")
  void atATerminalCtrlCEndsTheAnswerOnly() {
    String real = Models.require("smollm2-135m-instruct").toString();
    try (Pty pty = Pty.java("xterm", Main.class, "chat", "-m", real, "--max-tokens", "2000")) {
      pty.await("/help lists commands");
      pty.await("> ");
      pty.type("Write a very long story about a fox and a river.\n");
      pty.await("Once upon a time"); // it answers
      pty.type("\u0003");
      pty.await("interrupted");
      pty.await("> ");
      pty.type("/kv\n");
      pty.await("tokens, cache ");
      pty.await("> ");
      pty.type("\u0004");
      assertThat(pty.exitCode()).isZero();
    }
  }

  private static List<Object> texts(Cli.Ran ran) {
    List<Object> texts = new ArrayList<>();
    for (int i = 0; i < ran.lines().size(); i++) {
      texts.add(ran.answer(i).get("text"));
    }
    return texts;
  }

  private static long tokens(Map<String, Object> turn) {
    return Cli.<Long>at(Cli.at(turn, "kv"), "tokens");
  }

  private Cli.Ran chat(String lines, String... arguments) {
    List<String> all = new ArrayList<>(List.of("chat", "-m", model, "--max-tokens", "8"));
    all.addAll(List.of(arguments));
    return Cli.run(lines.getBytes(UTF_8), all.toArray(String[]::new));
  }
}
