package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.kvasir.engine.Models;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class TokenizeCommandTest {
  private static final String START = "<|im_start|>";
  private String model = "";

  @BeforeEach
  void findModel() {
    model = Models.require("smollm2-135m-instruct").toString();
  }

  @Test
  void printsIdAndTextOfEveryToken() {
    Cli.Ran ran = Cli.run("tokenize", "-m", model, "--text", "Hello world\n");
    assertThat(ran)
        .isEqualTo(
            new Cli.Ran(0, "  19556  \"Hello\"\n    905  \" world\"\n    198  \"\\n\"\n", ""));
  }

  @Test
  void textsComeFromStandardInputWithoutTheFinalNewline() {
    byte[] input = "Hello world\n".getBytes(UTF_8);
    Cli.Ran piped = Cli.run(input, "tokenize", "-m", model, "--json");
    assertThat(piped.json().get("ids")).isEqualTo(List.of(19556L, 905L));
    assertThat(Cli.run(input, "tokenize", "-m", model, "--text", "-", "--json")).isEqualTo(piped);
  }

  @Test
  void controlTokensInATextAreTextUnlessAsked() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"text\": \"" + START + "\"}",
                "{\"text\": \"" + START + "\", \"parse_special\": true}"),
            "tokenize",
            "--jsonl",
            "-m",
            model);
    assertThat(ran.answer(0).get("ids")).asInstanceOf(LIST).hasSizeGreaterThan(3);
    assertThat(ran.answer(1).get("ids")).isEqualTo(List.of(1L));
    assertThat(piecesOf(ran, 0)).isEqualTo(START);
    assertThat(piecesOf(ran, 1)).isEqualTo(START);
  }

  @Test
  void badLinesKeepTheirPlace() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"text\": \"a\"}",
                "{\"txt\": \"a\"}",
                "{\"text\": \"a\", \"parse_special\": \"yes\"}",
                "{\"text\": \"\\ud800 \u65e5\"}"),
            "tokenize",
            "--jsonl",
            "-m",
            model);
    assertThat(ran.exit()).isZero();
    assertThat(ran.answer(0)).containsOnlyKeys("ids", "pieces");
    assertThat(ran.lines().subList(1, 3))
        .containsExactly(
            "{\"error\":\"unknown field \\\"txt\\\"; known: text, parse_special, add_special\"}",
            "{\"error\":\"field \\\"parse_special\\\" is \\\"yes\\\"; expected true or false\"}");
    assertThat(piecesOf(ran, 3)).isEqualTo("\ufffd \u65e5");
  }

  @Test
  void aModelThatIsNowhereIsWrongInput() {
    Cli.Ran ran = Cli.run("tokenize", "-m", "no-such-model", "--text", "x");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .startsWith("kvasir: no model \"no-such-model\": ")
        .contains("kvasir pull");
  }

  /** All pieces as one text: a character may be spread over several. */
  private static String piecesOf(Cli.Ran ran, int line) {
    List<?> pieces = (List<?>) ran.answer(line).getOrDefault("pieces", List.of());
    return pieces.stream()
        .map(piece -> new String(Base64.getDecoder().decode((String) piece), ISO_8859_1))
        .collect(Collectors.collectingAndThen(Collectors.joining(), TokenizeCommandTest::utf8));
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(ISO_8859_1), UTF_8);
  }
}
