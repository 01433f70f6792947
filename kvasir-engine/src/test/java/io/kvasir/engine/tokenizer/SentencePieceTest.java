package io.kvasir.engine.tokenizer;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SentencePieceTest {
  private static final Map<String, Float> SCORES = new LinkedHashMap<>();

  static {
    SCORES.put("▁", -10f);
    for (char c : "abcs<>/".toCharArray()) {
      SCORES.put(String.valueOf(c), -10f);
    }
    SCORES.put("ab", -2f);
    SCORES.put("bc", -1f);
    SCORES.put("▁a", -3f);
    SCORES.put("aa", -5f);
    SCORES.put("▁▁", -6f);
    SCORES.put("<s", -1f);
    SCORES.put("s>", -1.5f);
  }

  private final MapMetadata metadata =
      Vocabularies.sentencePiece(SCORES).with("tokenizer.ggml.add_space_prefix", false);
  private final List<String> tokens = metadata.strings(Vocabularies.TOKENS);
  private final Tokenizer tokenizer = Tokenizer.from(metadata);

  private List<String> pieces(Tokenizer by, String text, boolean parse) {
    return Arrays.stream(by.encode(text, parse)).mapToObj(tokens::get).toList();
  }

  @Test
  void wordsNeitherAreBytesNorSteer() {
    assertThat(Arrays.stream(tokenizer.words()).mapToObj(tokens::get))
        .containsExactlyElementsOf(SCORES.keySet());
  }

  @Test
  void theHighestScoreIsJoinedFirst() {
    assertThat(pieces(tokenizer, "abc", false)).as("bc before ab").containsExactly("a", "bc");
    assertThat(pieces(tokenizer, "ab a", false)).containsExactly("ab", "▁a");
  }

  @Test
  void ofEqualScoresTheLeftmostIsJoined() {
    assertThat(pieces(tokenizer, "aaa", false)).containsExactly("aa", "a");
  }

  @Test
  void aCharacterWithoutATokenIsSpeltInBytes() {
    assertThat(pieces(tokenizer, "aé", false)).containsExactly("a", "<0xC3>", "<0xA9>");
    assertThat(tokenizer.decode(tokenizer.encode("aé\0😀", false), true)).isEqualTo("aé\0😀");
  }

  @Test
  void aTextOfControlOrByteTokensIsNotJoinedToThem() {
    assertThat(pieces(tokenizer, "<s>", false)).containsExactly("<s", ">");
    assertThat(pieces(tokenizer, "<s>", true)).containsExactly("<s>");
    assertThat(tokenizer.decode(tokenizer.encode("<0xC3>", true), true)).isEqualTo("<0xC3>");
  }

  @Test
  void theSpacePrefixIsAddedToEveryTextAndTakenAwayAgain() {
    Tokenizer prefixing = Tokenizer.from(Vocabularies.sentencePiece(SCORES));
    assertThat(pieces(prefixing, "ab", false)).containsExactly("▁", "ab");
    assertThat(pieces(prefixing, "ab<s>ab", true)).containsExactly("▁", "ab", "<s>", "▁", "ab");
    assertThat(prefixing.encode("", false)).isEmpty();
    assertThat(prefixing.addsBos()).as("the default of this model").isTrue();
    for (String text : List.of("ab", " ab", "ab<s>ab", "<tool> b", "\n\na", "<s>")) {
      assertThat(prefixing.decode(prefixing.encode(text, true), true)).isEqualTo(text);
    }
    StreamingDecoder continued = prefixing.decoder(true);
    assertThat(continued.append(tokens.indexOf("▁a"))).as("continues a text").isEqualTo(" a");
  }

  @Test
  void spacesBecomeTheirSignAndTheSignASpace() {
    assertThat(pieces(tokenizer, "a  b", false)).containsExactly("a", "▁▁", "b");
    assertThat(pieces(tokenizer, "▁▁", false)).containsExactly("▁▁");
    assertThat(tokenizer.decode(new int[] {tokens.indexOf("▁▁")}, true)).isEqualTo("  ");
  }

  @Test
  void withoutByteTokensTheUnknownOneStandsIn() {
    MapMetadata bytesRenamed =
        metadata
            .with(
                Vocabularies.TOKENS,
                MapMetadata.strings(
                    tokens.stream().map(t -> t.startsWith("<0x") ? "no" + t : t).toList()))
            .with(
                Vocabularies.TYPES,
                Arrays.stream(metadata.ints(Vocabularies.TYPES))
                    .map(t -> t == 6 ? 1 : t)
                    .toArray());
    assertThat(Tokenizer.from(bytesRenamed).encode("é", false)).containsExactly(0, 0);
  }

  @Test
  void aMillionLettersAreNoProblem() {
    for (String unit : List.of("a", "abc", " ", "\n", "é", "<tool", "a ")) {
      String text = unit.repeat(1_000_000 / unit.length());
      int[] ids = assertTimeout(ofSeconds(10), () -> tokenizer.encode(text, true));
      assertThat(tokenizer.decode(ids, true)).isEqualTo(text);
    }
  }
}
