package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CharClassTest {
  private static long count(byte kind) {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> CharClass.of(c) == kind)
        .count();
  }

  /** The totals of DerivedGeneralCategory.txt, Unicode 15.1. */
  @Test
  void holdsAllOfUnicode15Point1() {
    assertThat(count(CharClass.LETTER)).isEqualTo(136_726);
    assertThat(count(CharClass.NUMBER)).isEqualTo(1_831);
    assertThat(count(CharClass.PUNCTUATION)).isEqualTo(842);
    assertThat(count(CharClass.SPACE)).isEqualTo(25);
  }

  /** A later Unicode assigns code points, it never takes a letter back. */
  @Test
  void agreesWithTheJdkWhereItHasAClass() {
    assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT))
        .allSatisfy(
            c -> {
              switch (CharClass.of(c)) {
                case CharClass.LETTER -> assertThat(Character.isLetter(c)).isTrue();
                case CharClass.NUMBER ->
                    assertThat(Character.getType(c))
                        .isIn(
                            (int) Character.DECIMAL_DIGIT_NUMBER,
                            (int) Character.LETTER_NUMBER,
                            (int) Character.OTHER_NUMBER);
                case CharClass.SPACE ->
                    assertThat(Character.isSpaceChar(c) || Character.isWhitespace(c) || c == 0x85)
                        .isTrue();
                default -> {}
              }
            });
  }

  @Test
  void codePointsAssignedLaterAreOther() {
    assertThat(CharClass.of(0x1c89)).as("a letter since Unicode 16").isEqualTo(CharClass.OTHER);
    assertThat(CharClass.of(0x1ccf0)).as("a digit since Unicode 16").isEqualTo(CharClass.OTHER);
    assertThat(CharClass.of(0x2ebf0)).as("a letter since 15.1").isEqualTo(CharClass.LETTER);
  }

  @Test
  void theSeparatorControlsAreNoWhiteSpace() {
    for (int c = 0x1c; c <= 0x1f; c++) {
      assertThat(CharClass.of(c)).isEqualTo(CharClass.OTHER);
    }
  }
}
