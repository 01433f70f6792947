package io.kvasir.engine.tokenizer;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteLevelTest {
  private static final String[] MERGES = {"h e", "l l", "he ll", "Ġ t", "o o", "hell o", "Ã ©"};
  private static final int HE = 256;
  private static final int HELL = 258;
  private static final int SPACE_T = 259;
  private static final int HELLO = 261;
  private static final int E_ACUTE = 262;
  private static final int BOS = 263;
  private static final int IM_END = 264;
  private static final int TOOL = 265;
  private static final int TO = 266;
  private static final int NEWLINES = 267;

  private final Tokenizer tokenizer = Tokenizer.from(Vocabularies.byteLevel("gpt-2", MERGES));

  @Test
  void mergesByRankNotByPlace() {
    assertThat(tokenizer.encode("hello", false)).containsExactly(HELLO);
    assertThat(tokenizer.encode("helloo", false))
        .as("o o before hell o")
        .containsExactly(HELL, 260);
    assertThat(tokenizer.encode("hehe té", false)).containsExactly(HE, HE, SPACE_T, E_ACUTE);
  }

  @Test
  void wordsAreWholeCharacters() {
    assertThat(tokenizer.words())
        .containsExactly(
            IntStream.concat(IntStream.range(0, 128), IntStream.rangeClosed(HE, E_ACUTE))
                .toArray());
  }

  @Test
  void mergesAsTheNaiveAlgorithmDoes() {
    Random random = new Random(1);
    List<String> merges = new ArrayList<>();
    List<String> known = new ArrayList<>(List.of("a", "b", "c"));
    while (merges.size() < 60) {
      String left = known.get(random.nextInt(known.size()));
      String right = known.get(random.nextInt(known.size()));
      if (!known.contains(left + right)) {
        known.add(left + right);
        merges.add(left + " " + right);
      }
    }
    MapMetadata metadata = Vocabularies.byteLevel("gpt-2", merges.toArray(String[]::new));
    Tokenizer random60 = Tokenizer.from(metadata);
    List<String> tokens = metadata.strings(Vocabularies.TOKENS);
    for (int i = 0; i < 2000; i++) {
      String word = word(random, random.nextInt(40));
      assertThat(Arrays.stream(random60.encode(word, false)).mapToObj(tokens::get))
          .as(word)
          .isEqualTo(naive(word, merges));
    }
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(3)));
    }
    return word.toString();
  }

  private static List<String> naive(String word, List<String> merges) {
    List<String> symbols = new ArrayList<>(word.chars().mapToObj(Character::toString).toList());
    while (true) {
      int best = -1;
      int bestRank = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = merges.indexOf(symbols.get(i) + " " + symbols.get(i + 1));
        if (rank >= 0 && rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return symbols;
      }
      symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
    }
  }

  @Test
  void aWordThatIsATokenIsTakenWholeOnlyWhereTheFamilySaysSo() {
    String[] unreachable = {"b c", "a b", "ab c"}; // merging a b c gives a, bc
    assertThat(Tokenizer.from(Vocabularies.byteLevel("gpt-2", unreachable)).encode("abc", false))
        .containsExactly('a', 256);
    assertThat(
            Tokenizer.from(Vocabularies.byteLevel("llama-bpe", unreachable)).encode("abc", false))
        .containsExactly(258);
  }

  @Test
  void controlTokensAreTextUnlessParsed() {
    assertThat(tokenizer.encode("<s>he<|im_end|>", true)).containsExactly(BOS, HE, IM_END);
    int[] plain = tokenizer.encode("<s>he<|im_end|>", false);
    assertThat(plain).contains(HE).doesNotContain(BOS, IM_END);
    assertThat(tokenizer.decode(plain, false)).isEqualTo("<s>he<|im_end|>");
  }

  @Test
  void userDefinedTokensAreAlwaysFoundAndTheLongestFirst() {
    for (boolean parse : new boolean[] {false, true}) {
      assertThat(tokenizer.encode("<tool>\n\n<to", parse)).containsExactly(TOOL, NEWLINES, TO);
      assertThat(tokenizer.encode("<to<tool>", parse)).containsExactly(TO, TOOL);
    }
  }

  @Test
  void bosIsAddedWhereTheFileOrTheFamilySaysSo() {
    assertThat(tokenizer.encode("he", false, true)).containsExactly(HE);
    MapMetadata metadata = Vocabularies.byteLevel("gpt-2", MERGES);
    Tokenizer told =
        Tokenizer.from(
            metadata
                .with("tokenizer.ggml.add_bos_token", true)
                .with("tokenizer.ggml.add_eos_token", true));
    assertThat(told.encode("he", false, true)).containsExactly(BOS, HE, IM_END);
    assertThat(told.encode("", false, true)).containsExactly(BOS, IM_END);
    assertThat(told.encode("he", false)).containsExactly(HE);
    assertThat(Tokenizer.from(Vocabularies.byteLevel("llama-bpe", MERGES)).addsBos()).isTrue();
  }

  @Test
  void aByteWithoutATokenIsLeftOut() {
    MapMetadata metadata = Vocabularies.byteLevel("gpt-2", MERGES);
    List<String> tokens = new ArrayList<>(metadata.strings(Vocabularies.TOKENS));
    tokens.set(tokens.indexOf("x"), "no-longer-x");
    Tokenizer lacking =
        Tokenizer.from(metadata.with(Vocabularies.TOKENS, MapMetadata.strings(tokens)));
    assertThat(lacking.encode("hexhe", false)).containsExactly(HE, HE);
  }

  @Test
  void loneSurrogatesBecomeTheReplacementCharacter() {
    String text = "\ud83dhe\ude00\ud83d\ude00\ud83d";
    assertThat(tokenizer.decode(tokenizer.encode(text, false), true))
        .isEqualTo("\ufffdhe\ufffd\ud83d\ude00\ufffd");
  }

  @Test
  void tokensThatEndAGenerationAreKnownByIdAndByName() {
    Tokenizer withEos =
        Tokenizer.from(
            Vocabularies.byteLevel("gpt-2", MERGES).with("tokenizer.ggml.eos_token_id", 3L));
    assertThat(withEos.isEndOfGeneration(3)).isTrue();
    assertThat(withEos.isEndOfGeneration(IM_END)).isTrue();
    assertThat(withEos.isEndOfGeneration(BOS)).isFalse();
    assertThat(withEos.isControl(BOS)).isTrue();
    assertThat(withEos.isControl(TOOL)).isFalse();
  }

  @Test
  void aTokenThatEndsATurnIsControlWhateverItsTypeInTheFile() {
    MapMetadata metadata = Vocabularies.byteLevel("gpt-2", MERGES);
    int[] types = metadata.ints(Vocabularies.TYPES).clone();
    types[IM_END] = 4;
    Tokenizer mistyped = Tokenizer.from(metadata.with(Vocabularies.TYPES, types));
    assertThat(mistyped.encode("<|im_end|>", false)).doesNotContain(IM_END);
    assertThat(mistyped.isControl(IM_END)).isTrue();
  }

  @Test
  void paddingIsNoText() {
    MapMetadata metadata = Vocabularies.byteLevel("gpt-2", MERGES);
    int[] types = metadata.ints(Vocabularies.TYPES).clone();
    types[HELLO] = 5;
    assertThat(Tokenizer.from(metadata.with(Vocabularies.TYPES, types)).bytes(HELLO)).isEmpty();
    assertThat(tokenizer.bytes(HELLO)).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "l", " ", "\n", "7", "=", "'", "<", "<to", "é", "\u3000", "\ud83d\ude00"})
  void aLongRunOfOneTextIsNoProblem(String unit) {
    String text = unit.repeat(200_000);
    for (String pre : List.of("gpt-2", "smollm", "qwen2", "llama-bpe", "default")) {
      Tokenizer any = Tokenizer.from(Vocabularies.byteLevel(pre, MERGES));
      int[] ids = assertTimeout(ofSeconds(10), () -> any.encode(text, true));
      assertThat(any.decode(ids, true)).isEqualTo(text);
    }
  }
}
