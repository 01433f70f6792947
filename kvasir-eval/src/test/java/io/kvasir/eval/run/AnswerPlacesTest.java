package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerPlacesTest {
  private static final String TEXT = "of rome is 417. of oslo is 4175, of bern is 417!";

  @TempDir private static Path folder;

  @Test
  void everyPlaceOfAnAnswerCountsWhereItIsAWord() {
    assertThat(marked(TEXT, "417")).containsExactly("417", "417");
    assertThat(marked(TEXT, "4175")).containsExactly("4175");
    assertThat(marked(TEXT, " rome is", "bern")).containsExactly("rome is", "bern");
  }

  @Test
  void lettersBeyondAsciiAreTheirBytes() {
    assertThat(marked("so süß war es", "süß")).containsExactly("süß");
    assertThat(marked("so süßer war es", "süß")).isEmpty();
  }

  @Test
  void whatDoesNotStandThereHasNoPlace() {
    assertThat(marked(TEXT, "paris")).isEmpty();
    assertThat(marked(TEXT, "", " ")).isEmpty();
    assertThat(marked(TEXT)).isEmpty();
  }

  /** The runs of tokens that were found, as text. */
  private static List<String> marked(String text, String... answers) {
    try (ModelFile file = ModelFile.open(TinyModel.writer().write(folder.resolve("tiny.gguf")))) {
      Tokenizer tokenizer = file.tokenizer();
      int[] prompt = tokenizer.withBos(tokenizer.encode(text, false));
      int[] places = new AnswerPlaces(tokenizer, prompt).of(List.of(answers));
      List<String> runs = new ArrayList<>();
      int from = 0;
      for (int i = 1; i <= places.length; i++) {
        if (i == places.length || places[i] != places[i - 1] + 1) {
          int[] run = Arrays.stream(places, from, i).map(p -> prompt[p]).toArray();
          runs.add(tokenizer.decode(run, false));
          from = i;
        }
      }
      assertThat(IntStream.of(places).boxed()).isSorted();
      return runs;
    }
  }
}
