package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of batch mode, shown with the command that needs no model. */
class BatchTest {
  @Test
  void badLinesAreAnsweredInTheirPlaceAndTheRestIsDone() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"template\": \"{{ a }}\", \"context\": {\"a\": 1}}",
                "nonsense",
                "",
                "[1]",
                "{\"template\": 5, \"context\": {}}",
                "{\"template\": \"\", \"context\": {}, \"nwo\": 1}",
                "{\"template\": \"{{ a }}\", \"context\": {\"a\": 1.0}}"),
            "template",
            "--jsonl");
    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.lines()).hasSize(6);
    assertThat(ran.answer(0)).isEqualTo(Map.of("text", "1"));
    assertThat(error(ran, 1))
        .isEqualTo("not JSON: Unrecognized token 'nonsense', line 1, column 1");
    assertThat(error(ran, 2)).isEqualTo("expected a JSON object, found [1]");
    assertThat(error(ran, 3)).isEqualTo("field \"template\" is 5; expected a string");
    assertThat(error(ran, 4)).isEqualTo("unknown field \"nwo\"; known: template, context, now");
    assertThat(ran.answer(5)).isEqualTo(Map.of("text", "1.0"));
  }

  @Test
  void textIsUtf8AndHalfASurrogatePairComesThroughAsAnEscape() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"template\": \"\u00e9\u65e5\ud83d\ude00\", \"context\": {}}",
                "{\"template\": \"a\\ud800b\\u009b\", \"context\": {}}"),
            "template",
            "--jsonl");
    assertThat(ran.lines())
        .containsExactly(
            "{\"text\":\"\u00e9\u65e5\ud83d\ude00\"}", "{\"text\":\"a\\ud800b\\u009b\"}");
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedWhereTheyStand() {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    input.writeBytes("{\"template\": \"".getBytes(UTF_8));
    input.write(0xff);
    input.writeBytes(
        "\", \"context\": {}}\n{\"template\": \"x\", \"context\": {}}".getBytes(UTF_8));
    Cli.Ran ran = Cli.run(input.toByteArray(), "template", "--jsonl");
    assertThat(error(ran, 0)).isEqualTo("the line is not UTF-8: byte 14 is 0xff");
    assertThat(ran.answer(1)).isEqualTo(Map.of("text", "x"));
  }

  @Test
  void hostileDepthEndsItsLineOnly() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"template\": \"\", \"context\": {\"a\": " + "[".repeat(100_000) + "}}",
                "{\"template\": \"x\", \"context\": {}}"),
            "template",
            "--jsonl");
    assertThat(error(ran, 0))
        .isEqualTo("the JSON is nested too deep, or a text or number in it is too long");
    assertThat(ran.answer(1)).isEqualTo(Map.of("text", "x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {"template": "a", "template": "b"};      Duplicate Object property "template", line 1, column 29
          {"template": "a"} {};                    Trailing token, line 1, column 19
          {"template": "a";                        Unexpected end-of-input, line 1, column 17
          {"template": "a", };                     Unexpected character, line 1, column 19
          {"template": NaN};                       Non-standard token 'NaN', line 1, column 17
          """)
  void whatIsNoJsonIsSaidInWordsOfTheRequest(String line, String sentence) {
    assertThat(error(Cli.batch(List.of(line), "template", "--jsonl"), 0))
        .isEqualTo("not JSON: " + sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "tokenize, --text, the texts",
    "score, --text, the texts",
    "inspect, --png, the prompts",
    "template, --template, the templates"
  })
  void anOptionThatTheLinesMakeIdleIsRefused(String command, String option, String what) {
    Cli.Ran ran = Cli.batch(List.of("{}"), command, "--jsonl", option, "x");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .startsWith("kvasir: with --jsonl " + what + " stand in the lines; expected no --");
  }

  @Test
  void integersBeyond64BitsComeThrough() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"template\": \"{{ a[0] + 1 }}\", \"context\": {\"a\": [9223372036854775807]}}",
                "{\"template\": \"{{ a.b }}\", \"context\": {\"a\": {\"b\": 9223372036854775808}}}",
                "{\"template\": 9223372036854775808, \"context\": {}}"),
            "template",
            "--jsonl");
    assertThat(ran.answer(0)).isEqualTo(Map.of("text", "9223372036854775808"));
    assertThat(ran.answer(1)).isEqualTo(Map.of("text", "9223372036854775808"));
    assertThat(error(ran, 2))
        .isEqualTo("field \"template\" is 9223372036854775808; expected a string");
  }

  private static String error(Cli.Ran ran, int line) {
    assertThat(ran.answer(line)).containsOnlyKeys("error");
    return String.valueOf(ran.answer(line).get("error"));
  }
}
