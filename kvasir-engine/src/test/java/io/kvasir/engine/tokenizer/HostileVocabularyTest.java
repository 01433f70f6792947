package io.kvasir.engine.tokenizer;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.kvasir.engine.ModelFormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileVocabularyTest {
  private final MapMetadata bytes = Vocabularies.byteLevel("gpt-2", "a b");
  private final MapMetadata scored = Vocabularies.sentencePiece(Map.of("a", -1f));

  private static void refused(MapMetadata metadata, String sentence) {
    assertThatThrownBy(() -> Tokenizer.from(metadata))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(sentence);
  }

  private static int[] typesWith(MapMetadata metadata, int id, int type) {
    int[] types = metadata.ints(Vocabularies.TYPES).clone();
    types[id] = type;
    return types;
  }

  private static MapMetadata tokenReplaced(MapMetadata metadata, int id, String text) {
    List<String> tokens = new ArrayList<>(metadata.strings(Vocabularies.TOKENS));
    tokens.set(id, text);
    return metadata.with(Vocabularies.TOKENS, MapMetadata.strings(tokens));
  }

  @Test
  void anotherModelOrPreTokenizerIsNamed() {
    refused(
        bytes.with("tokenizer.ggml.model", "bert\u001b[31m"),
        "tokenizer.ggml.model is \"bert\\u001b[31m\", expected gpt2 or llama");
    refused(
        bytes.with("tokenizer.ggml.pre", "poro-chat"),
        "tokenizer.ggml.pre is \"poro-chat\", expected default, or a name of the gpt-2, smollm, qwen2"
            + " or llama-bpe family");
  }

  @Test
  void noTokensAtAll() {
    refused(
        bytes.with(Vocabularies.TOKENS, MapMetadata.strings(List.of())),
        "tokenizer.ggml.tokens is empty, expected at least one token");
  }

  @Test
  void theSameTokenTwice() {
    refused(
        tokenReplaced(bytes, 7, "<tool>"),
        "tokenizer.ggml.tokens holds \"<tool>\" twice, as 7 and 259: expected every token once");
  }

  @Test
  void aMillionTimesTheSameTokenIsRefusedAtOnce() {
    MapMetadata same =
        bytes.with(Vocabularies.TOKENS, MapMetadata.strings(Collections.nCopies(1_000_000, "x")));
    assertTimeout(
        ofSeconds(2),
        () ->
            assertThatThrownBy(
                    () -> Tokenizer.from(same.with(Vocabularies.TYPES, new int[1_000_000])))
                .hasMessageStartingWith("tokenizer.ggml.scores has"));
    MapMetadata sameWithScores =
        same.with(Vocabularies.TYPES, new int[1_000_000])
            .with(Vocabularies.SCORES, new float[1_000_000]);
    assertTimeout(
        ofSeconds(2),
        () ->
            refused(
                sameWithScores,
                "tokenizer.ggml.tokens holds \"x\" twice, as 0 and 1: expected every token once"));
  }

  @Test
  void emptyTokensArePaddingAndMayRepeat() {
    MapMetadata padded = tokenReplaced(tokenReplaced(bytes, 7, ""), 8, "");
    Tokenizer tokenizer = Tokenizer.from(padded.with(Vocabularies.TYPES, typesWith(bytes, 7, 4)));
    assertThat(tokenizer.encode("abc", false)).containsExactly(256, 'c');
    assertThat(tokenizer.bytes(7)).isEmpty();
  }

  @Test
  void arraysOfOtherLengths() {
    refused(
        bytes.with(Vocabularies.TYPES, new int[3]),
        "tokenizer.ggml.token_type has 3 entries, but tokenizer.ggml.tokens has 262: expected one each");
    for (MapMetadata metadata : List.of(bytes, scored)) {
      assertThatThrownBy(() -> Tokenizer.from(metadata.with(Vocabularies.SCORES, new float[5])))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith("tokenizer.ggml.scores has 5 entries");
    }
  }

  @Test
  void unknownTypesAndWrongByteTokens() {
    refused(
        bytes.with(Vocabularies.TYPES, typesWith(bytes, 3, 7)),
        "tokenizer.ggml.token_type[3] is 7, expected 0 to 6");
    refused(
        bytes.with(Vocabularies.TYPES, typesWith(bytes, 3, -1)),
        "tokenizer.ggml.token_type[3] is -1, expected 0 to 6");
    refused(
        bytes.with(Vocabularies.TYPES, typesWith(bytes, 256, 6)),
        "tokenizer.ggml.tokens[256] is \"ab\", but its type is byte: expected a text like <0x0A>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x b", "a x", "b a", "ab", "", " ", "a", " b", "a b ", "a  b", "é b"})
  void aMergeThatIsNotTwoTokens(String merge) {
    MapMetadata without = tokenReplaced(bytes, 'x', "no-x");
    refused(
        without.with(Vocabularies.MERGES, MapMetadata.strings(List.of("a b", merge))),
        ("tokenizer.ggml.merges[1] is \"%s\", expected two tokens with a space between that together"
                + " are a token")
            .formatted(merge));
  }

  @Test
  void aMergeListedTwiceCountsAsTheFirst() {
    MapMetadata twice =
        Vocabularies.byteLevel("gpt-2", "a b", "b c")
            .with(Vocabularies.MERGES, MapMetadata.strings(List.of("a b", "b c", "a b")));
    assertThat(Tokenizer.from(twice).encode("abc", false)).containsExactly(256, 'c');
  }

  @ParameterizedTest
  @ValueSource(strings = {"bos", "eos", "unknown", "padding", "eot"})
  void anIdBeyondTheVocabulary(String name) {
    String key = "tokenizer.ggml." + name + "_token_id";
    for (long id : new long[] {262, -1, 1L << 40}) {
      refused(bytes.with(key, id), key + " is " + id + ", expected 0 to 261");
    }
  }

  @Test
  void bosWantedButNotNamed() {
    MapMetadata metadata =
        new MapMetadata(
            Map.of(
                "tokenizer.ggml.model",
                "llama",
                Vocabularies.TOKENS,
                MapMetadata.strings(List.of("a")),
                Vocabularies.SCORES,
                new float[1]));
    refused(
        metadata,
        "tokenizer.ggml.add_bos_token is true (or true by default here), but there is no"
            + " tokenizer.ggml.bos_token_id");
    assertThat(Tokenizer.from(metadata.with("tokenizer.ggml.add_bos_token", false)).bos())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void scoresThatAreNoNumbers(float score) {
    float[] scores = scored.floats(Vocabularies.SCORES).clone();
    scores[259] = score;
    refused(
        scored.with(Vocabularies.SCORES, scores),
        "tokenizer.ggml.scores[259] is " + score + ", expected a finite number");
  }

  @Test
  void specialTokensTooLongToLookFor() {
    refused(
        tokenReplaced(bytes, 259, "<".repeat(1025)),
        "tokenizer.ggml.tokens[259] is a special token of 1025 bytes, expected at most 1024");
  }
}
