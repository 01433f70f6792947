package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  private static String through(StopStrings stops, List<String> pieces) {
    StringBuilder out = new StringBuilder();
    for (String piece : pieces) {
      if (!stops.found()) {
        out.append(stops.append(piece));
      }
    }
    return out + stops.finish();
  }

  @Test
  void holdsBackWhatMayBecomeAStopString() {
    StopStrings stops = new StopStrings(List.of("END", "\n\n"));
    assertThat(stops.append("The E")).isEqualTo("The ");
    assertThat(stops.append("N")).isEmpty();
    assertThat(stops.append("T\n")).isEqualTo("ENT");
    assertThat(stops.append("x")).isEqualTo("\nx");
    assertThat(stops.append("EEN")).isEqualTo("E");
    assertThat(stops.append("D and more")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void givesOutAtTheEndWhatNeverBecameOne() {
    StopStrings stops = new StopStrings(List.of("END"));
    assertThat(stops.append("THE EN")).isEqualTo("THE ");
    assertThat(stops.finish()).isEqualTo("EN");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void withoutStopStringsAllTextPassesAtOnce() {
    StopStrings stops = new StopStrings(List.of());
    assertThat(stops.append("any")).isEqualTo("any");
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void theOneThatIsCompleteFirstWins() {
    assertThat(through(new StopStrings(List.of("abcd", "bc")), List.of("xabcd"))).isEqualTo("xa");
    assertThat(through(new StopStrings(List.of("bc", "abc")), List.of("xabc"))).isEqualTo("x");
  }

  /** By definition: character after character, until the text ends with a stop string. */
  private static String naive(List<String> stops, String text) {
    for (int end = 1; end <= text.length(); end++) {
      String seen = text.substring(0, end);
      int longest = stops.stream().filter(seen::endsWith).mapToInt(String::length).max().orElse(-1);
      if (longest >= 0) {
        return seen.substring(0, end - longest);
      }
    }
    return text;
  }

  @Test
  void theResultDoesNotDependOnHowTheTextWasCut() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      List<String> stops = List.of(letters(random, 4), letters(random, 3), letters(random, 2));
      List<String> pieces =
          random.ints(8, 0, 4).mapToObj(n -> n == 0 ? "" : letters(random, n)).toList();
      assertThat(through(new StopStrings(stops), pieces))
          .as("%s until one of %s", pieces, stops)
          .isEqualTo(naive(stops, String.join("", pieces)));
    }
  }

  private static String letters(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int n = 1 + random.nextInt(most); n > 0; n--) {
      text.append("ab".charAt(random.nextInt(2)));
    }
    return text.toString();
  }
}
