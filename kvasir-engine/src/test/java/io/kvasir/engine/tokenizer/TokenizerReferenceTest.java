package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Models;
import io.kvasir.engine.References;
import io.kvasir.engine.gguf.GgufFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every recorded text of a real model; where engines disagree, llama.cpp's answer. */
@Tag("model")
@ParameterizedClass
@CsvSource({
  "smollm2-135m-instruct, smollm2-135m-instruct-q4_1",
  "gemma-3-270m, gemma-3-270m-q4_k_m",
  "qwen2.5-coder-0.5b-instruct, qwen2.5-coder-0.5b-instruct-q4_k_m"
})
class TokenizerReferenceTest {
  private final Tokenizer tokenizer;
  private final JsonNode recorded;

  TokenizerReferenceTest(String model, String reference) throws IOException {
    Path cases = References.require("tokenizer/" + reference + ".json");
    try (GgufFile file = GgufFile.open(Models.require(model))) {
      tokenizer = Tokenizer.from(file.metadata());
    }
    recorded = JsonMapper.shared().readTree(cases);
  }

  private Stream<JsonNode> cases() {
    assertThat(recorded.get("cases").size()).isGreaterThan(300);
    return recorded.get("cases").valueStream();
  }

  private static int[] ids(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static byte[] decoded(JsonNode recordedCase) {
    return recordedCase.has("decoded")
        ? HexFormat.of().parseHex(recordedCase.get("decoded").asString())
        : recordedCase.get("text").asString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void idsAreEqualForEveryRecordedSetting() {
    SoftAssertions all = new SoftAssertions();
    cases()
        .forEach(
            c ->
                c.get("parse_special")
                    .forEach(
                        parse ->
                            all.assertThat(
                                    tokenizer.encode(c.get("text").asString(), parse.asBoolean()))
                                .as("%s, parse_special %s", c.get("id"), parse)
                                .isEqualTo(ids(c.get("ids")))));
    all.assertAll();
  }

  @Test
  void theModelsOwnBosRuleIsFollowed() {
    assertThat(recorded.get("add_special").valueStream())
        .isNotEmpty()
        .allSatisfy(
            c ->
                assertThat(tokenizer.encode(c.get("text").asString(), false, true))
                    .isEqualTo(ids(c.get("ids"))));
  }

  @Test
  void decodingGivesTheText() {
    assertThat(cases())
        .allSatisfy(
            c ->
                assertThat(tokenizer.decode(ids(c.get("ids")), true))
                    .isEqualTo(new String(decoded(c), StandardCharsets.UTF_8)));
  }

  @Test
  void everyTokenHasTheRecordedBytes() {
    assertThat(cases().filter(c -> c.has("pieces")))
        .isNotEmpty()
        .allSatisfy(
            c -> {
              int[] ids = ids(c.get("ids"));
              for (int i = 0; i < ids.length; i++) {
                assertThat(tokenizer.bytes(ids[i]))
                    .asHexString()
                    .isEqualToIgnoringCase(c.get("pieces").get(i).asString());
              }
            });
  }

  @Test
  void aStreamNeverEmitsHalfACharacter() {
    assertThat(cases())
        .allSatisfy(
            c -> {
              StreamingDecoder decoder = tokenizer.decoder(true);
              StringBuilder text = new StringBuilder();
              for (int id : ids(c.get("ids"))) {
                String part = decoder.append(id);
                assertThat(part.getBytes(StandardCharsets.UTF_8)).isEqualTo(utf8(part));
                text.append(part);
              }
              assertThat(decoder.finish()).isEmpty();
              assertThat(text.toString()).isEqualTo(new String(decoded(c), StandardCharsets.UTF_8));
            });
  }

  /** As the class does it: a lone surrogate would show as U+FFFD. */
  private static byte[] utf8(String text) {
    return Utf8.bytes(text);
  }
}
