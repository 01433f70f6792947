package io.kvasir.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {
  /** User-defined tokens that overlap in every way, with a control token among them. */
  private static final List<String> TOKENS =
      List.of("a", "ab", "aba", "bab", "abab", "cc", "ccc", "cccc", "bcccb", "ca", "é", "éa");

  private static final int CONTROL = 4;

  private final SpecialTokens special =
      new SpecialTokens(
          Vocabulary.from(
              new MapMetadata(
                  Map.of(
                      Vocabularies.TOKENS,
                      MapMetadata.strings(TOKENS),
                      Vocabularies.TYPES,
                      new int[] {4, 4, 4, 4, 3, 4, 4, 4, 4, 4, 4, 4}))));

  private List<String> split(String text, boolean parse) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    List<String> parts = new ArrayList<>();
    special.split(
        utf8,
        parse,
        new SpecialTokens.Parts() {
          @Override
          public void text(int from, int to) {
            parts.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
          }

          @Override
          public void token(int id) {
            parts.add("#" + id);
          }
        });
    return parts;
  }

  /** By definition: token after token, the longest first, over all text that is left. */
  private static List<String> naive(String text, boolean parse) {
    List<String> parts = text.isEmpty() ? List.of() : List.of(text);
    List<String> order = new ArrayList<>(TOKENS);
    order.sort(
        Comparator.comparingInt((String t) -> t.getBytes(StandardCharsets.UTF_8).length)
            .reversed());
    for (String token : order) {
      int id = TOKENS.indexOf(token);
      if (id == CONTROL && !parse) {
        continue;
      }
      List<String> next = new ArrayList<>();
      for (String part : parts) {
        if (part.startsWith("#")) {
          next.add(part);
          continue;
        }
        int at = 0;
        for (int hit = part.indexOf(token); hit >= 0; hit = part.indexOf(token, at)) {
          if (at < hit) {
            next.add(part.substring(at, hit));
          }
          next.add("#" + id);
          at = hit + token.length();
        }
        if (at < part.length()) {
          next.add(part.substring(at));
        }
      }
      parts = next;
    }
    return parts;
  }

  @Test
  void theLongestTokenHasTheFirstChoiceInTheWholeText() {
    assertThat(split("xabcccbx", true)).containsExactly("x", "#0", "#8", "x");
    assertThat(split("abab", true)).containsExactly("#4");
    assertThat(split("abab", false)).containsExactly("#2", "b");
  }

  @Test
  void cutsAsTokenAfterTokenWould() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append("aabbccéx".charAt(random.nextInt(8)));
      }
      boolean parse = random.nextBoolean();
      assertThat(split(text.toString(), parse))
          .as(text.toString())
          .isEqualTo(naive(text.toString(), parse));
    }
  }
}
