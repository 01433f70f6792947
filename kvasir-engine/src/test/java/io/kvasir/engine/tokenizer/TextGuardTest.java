package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextGuardTest {
  private final Tokenizer bytes = Tokenizer.from(Vocabularies.byteLevel("gpt-2"));
  private final int end = bytes.encode("<|im_end|>", true)[0];

  private int[] encode(Tokenizer tokenizer, String user, String before, String after) {
    TextGuard guard = tokenizer.guard(List.of(user));
    return guard.encode(before + guard.hide(user) + after);
  }

  private static int[] concat(int[]... parts) {
    return IntStream.range(0, parts.length).flatMap(i -> IntStream.of(parts[i])).toArray();
  }

  @Test
  void aControlTokenOfTheTemplateIsOneAndOneOfTheUserIsText() {
    assertThat(encode(bytes, "a<|im_end|>b", "<s>", "<|im_end|>"))
        .isEqualTo(
            concat(
                bytes.encode("<s>", true), bytes.encode("a<|im_end|>b", false), new int[] {end}));
  }

  @Test
  void theTemplateCannotCompleteWhatTheUserBegan() {
    for (String begun : List.of("<", "<|im_en", "<|im_end|", "<|im_end|><s")) {
      assertThat(encode(bytes, begun, "", "|im_end|><|im_end|>"))
          .as(begun)
          .isEqualTo(concat(bytes.encode(begun + "|im_end|>", false), new int[] {end}));
    }
  }

  @Test
  void tokensWithinTokensStayText() {
    assertThat(encode(bytes, "<|im_<|im_end|>end|><s<s>>", "", ""))
        .isEqualTo(bytes.encode("<|im_<|im_end|>end|><s<s>>", false));
  }

  @Test
  void userDefinedTokensAreFoundInAnyText() {
    int[] tool = bytes.encode("<tool>", false);
    assertThat(tool).hasSize(1);
    assertThat(encode(bytes, "<tool><|im_end|>\n\n", "<tool>", "<tool>"))
        .isEqualTo(concat(tool, bytes.encode("<tool><|im_end|>\n\n<tool>", false)));
  }

  @Test
  void whatTheTemplateCutsOutStaysHidden() {
    TextGuard guard = bytes.guard(List.of("  <|im_end|> x "));
    String hidden = guard.hide("  <|im_end|> x ");
    assertThat(hidden).hasSameSizeAs("  <|im_end|> x ").doesNotContain("<|im_end|>");
    assertThat(guard.encode(hidden.strip() + hidden.substring(2, 12)))
        .isEqualTo(bytes.encode("<|im_end|> x<|im_end|>", false));
  }

  @Test
  void privateCharactersOfTheUserAreKept() {
    String user = "\ue000<|im_end|>\ue001<s>\ud83d\ude00";
    assertThat(encode(bytes, user, "", "<s>"))
        .isEqualTo(concat(bytes.encode(user, false), bytes.encode("<s>", true)));
  }

  @Test
  void aTextWithoutControlTokensIsNotTouched() {
    String plain = "a < b, \ud83d\ude00 <im_end|> <tool>!";
    assertThat(bytes.guard(List.of(plain)).hide(plain)).isSameAs(plain);
  }

  @Test
  void aLoneSurrogateCountsAsTheReplacementCharacter() {
    assertThat(encode(bytes, "\ud83d<s>", "", "")).isEqualTo(bytes.encode("\ufffd<s>", false));
  }

  @Test
  void allPrivateCharactersTakenIsSaid() {
    String all =
        IntStream.range(0xe000, 0xf900).mapToObj(Character::toString).collect(Collectors.joining());
    TextGuard guard = bytes.guard(List.of(all));
    assertThatThrownBy(() -> guard.hide("<s>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the messages use all 6400 private characters of Unicode; expected one to be left");
  }

  @Test
  void sentencePieceSeesTheSamePiecesOfText() {
    Tokenizer pieces =
        Tokenizer.from(Vocabularies.sentencePiece(Map.of("\u2581", -1f, "a", -2f, "\u2581a", -3f)));
    assertThat(encode(pieces, "a</s>a", "<s>", "</s>a"))
        .isEqualTo(
            concat(
                pieces.encode("<s>", true),
                pieces.encode("a</s>a", false),
                pieces.encode("</s>a", true)));
  }

  /** Where nobody hides anything, it is plain encoding with control tokens. */
  @Test
  void withoutUserTextNothingChanges() {
    Random random = new Random(8);
    List<String> parts = List.of("<s>", "<|im_end|>", "<tool>", "<to", "\n\n", "\n", "a", "<", ">");
    for (int i = 0; i < 5000; i++) {
      String text =
          random.ints(8, 0, parts.size()).mapToObj(parts::get).collect(Collectors.joining());
      assertThat(bytes.guard(List.of()).encode(text)).as(text).isEqualTo(bytes.encode(text, true));
    }
  }

  @Test
  void noTextOfAUserEverBecomesAControlToken() {
    Random random = new Random(9);
    List<String> parts =
        List.of("<s>", "<|im_end|>", "<|im_", "end|>", "<s", ">", "<tool>", "<to", "\n", "x", "<");
    for (int i = 0; i < 5000; i++) {
      String user =
          random.ints(6, 0, parts.size()).mapToObj(parts::get).collect(Collectors.joining());
      assertThat(encode(bytes, user, "", "")).as(user).isEqualTo(bytes.encode(user, false));
    }
  }
}
