package io.kvasir.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.eval.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of tasks, and what single tasks promise. */
class TasksTest {
  private static List<String> names(String text) {
    return Tasks.parse(text).stream().map(Task::name).toList();
  }

  @Test
  void tasksAreNamedOneByOneByStarAndWithTheirNumber() {
    assertThat(names("text, niah-s* ,vt(hops=2),vt,kv,niah-s1"))
        .containsExactly("text", "niah-s1", "niah-s2", "niah-s3", "vt(hops=2)", "vt(hops=4)", "kv");
    assertThat(names("*")).isEqualTo(Tasks.all().stream().map(Task::name).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          nia-s1            ! unknown task "nia-s1", nearest: niah-s1, niah-s2, niah-s3; known: text, niah-s1,
          zzz*              ! unknown task "zzz*"; known: text, niah-s1,
          kv,               ! unknown task ""; known: text, niah-s1,
          Kv                ! "Kv" is no task; expected one such as kv, niah-* or vt(hops=2)
          passkey(digits=4) ! passkey: digits=4 is not between 5 and 64
          vt(hop=2)         ! vt: unknown parameter "hop"; known: hops
          kv(hops=2)        ! kv: unknown parameter "hops"; it takes none
          """)
  void whatIsNoTaskIsRefused(String text, String message) {
    assertThatThrownBy(() -> Tasks.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void needlesAreSpreadOverContextsAndQuestions() {
    int[] eighths = new int[8];
    Task task = Tasks.parse("niah-s2").getFirst();
    for (int number = 0; number < 24; number++) {
      for (Question question : task.item(Recipes.of(2048, number)).questions()) {
        eighths[(int) (8 * question.depth().orElseThrow())]++;
      }
    }
    assertThat(Arrays.stream(eighths).boxed()).allMatch(count -> count >= 12 && count <= 36);
  }

  @Test
  void aNeedleOfEightConfigurationsHasRulersForm() {
    assertThat(golds("niah-s1")).allMatch(gold -> gold.size() == 1 && isNumber(gold));
    assertThat(golds("niah-s3")).allMatch(gold -> gold.size() == 1 && isUuid(gold));
    assertThat(golds("niah-mk3")).allMatch(gold -> gold.size() == 1 && isUuid(gold));
    assertThat(golds("niah-mv")).allMatch(gold -> gold.size() == 4 && isNumber(gold));
    assertThat(golds("niah-mq")).allMatch(gold -> gold.size() == 4 && isNumber(gold));
    assertThat(secrets("niah-s2")).isEqualTo(8);
    assertThat(secrets("niah-mk1")).isEqualTo(32);
    assertThat(secrets("niah-mv")).isEqualTo(32);
    assertThat(secrets("niah-mq")).isEqualTo(32);
    assertThat(secrets("niah-mk2")).isGreaterThan(100);
  }

  private static Item item(String task) {
    return Tasks.parse(task).getFirst().item(Recipes.of(4096, 0));
  }

  private static List<List<String>> golds(String task) {
    return item(task).questions().stream().map(Question::gold).toList();
  }

  private static boolean isNumber(List<String> gold) {
    return gold.stream().allMatch(value -> value.matches("[1-9][0-9]{6}"));
  }

  private static boolean isUuid(List<String> gold) {
    return gold.stream()
        .allMatch(v -> v.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}"));
  }

  private static long secrets(String task) {
    return Pattern.compile("Note well: the secret of")
        .matcher(item(task).context())
        .results()
        .count();
  }

  @Test
  void aChainOfVariablesIsInOrder() {
    Item item = item("vt(hops=3)");
    for (Question question : item.questions()) {
      List<String> variables = question.gold();
      assertThat(variables).hasSize(4);
      int[] places =
          variables.stream()
              .mapToInt(name -> item.context().indexOf("Variable " + name + " holds"))
              .toArray();
      assertThat(places).isSorted().doesNotContain(-1);
    }
  }

  @Test
  void commonWordsAreTenTimesAsCommon() {
    Item item = item("cwe");
    List<String> words = words(item.context());
    List<String> common = item.questions().getFirst().gold();
    assertThat(common).hasSize(10).allMatch(word -> count(words, word) == 30);
    assertThat(words.stream().filter(word -> !common.contains(word)).distinct())
        .isNotEmpty()
        .allMatch(word -> count(words, word) == 3);
    List<String> few = words(Tasks.parse("cwe").getFirst().item(Recipes.of(2048, 0)).context());
    assertThat(few.stream().mapToLong(word -> count(few, word)).max()).hasValue(6);
  }

  private static List<String> words(String list) {
    return Pattern.compile("(?m)^\\d+\\. (\\w+)$")
        .matcher(list)
        .results()
        .map(line -> line.group(1))
        .toList();
  }

  private static long count(List<String> words, String word) {
    return words.stream().filter(word::equals).count();
  }

  @Test
  void codedWordsFallWithTheSquareOfTheirRank() {
    Item item = item("fwe");
    List<String> words = Arrays.asList(item.context().split("\\s+"));
    List<Long> counts =
        item.questions().getFirst().gold().stream().map(word -> count(words, word)).toList();
    double dots = count(words, "...");
    assertThat(dots / counts.get(0)).isCloseTo(4, within(0.1));
    assertThat(dots / counts.get(1)).isCloseTo(9, within(0.4));
    assertThat(dots / counts.get(2)).isCloseTo(16, within(1.0));
  }

  @Test
  void anExampleIsNeverTheThingAsked() {
    Item item = item("icl");
    assertThat(item.questions())
        .allMatch(question -> !item.context().contains(question.text()))
        .allMatch(question -> question.candidates().contains(question.answer()));
  }

  @Test
  void realTextGoesOnAsItDoes() {
    Item item = item("text");
    Question question = item.questions().getFirst();
    assertThat(Recipes.PROSE.text()).contains(item.context() + question.answer());
    assertThat(Recipes.TOKENS.count(question.answer())).isBetween(250, 256);
    assertThat(item.corpus()).isEqualTo(Recipes.PROSE.sha());
    assertThat(item("kv").corpus()).isEmpty();
  }

  @Test
  void aShortCorpusIsRefused() {
    Corpus small = Corpus.of("small.txt", "Ten words are by far not enough for any context.");
    Recipe recipe = new Recipe(1, 1024, 0, Protocol.BLIND, 0, Recipes.TOKENS, small);
    assertThatThrownBy(() -> new RealText().item(recipe))
        .hasMessage("text: small.txt has 10 words, too few for ctx 1024; give a longer text");
    assertThatThrownBy(() -> new CommonWords().item(recipe))
        .hasMessage("cwe: small.txt has 3 different words; expected more than 10");
    assertThatThrownBy(() -> Corpus.of("blank.txt", " \n"))
        .hasMessage("blank.txt is empty; expected a text");
  }

  @Test
  void aFreeRunIsComparedTokenByTokenAndWatchedForLoops() {
    int[] f16 = IntStream.range(0, 64).toArray();
    assertThat(FreeRun.of(f16, f16)).isEqualTo(new FreeRun(OptionalInt.empty(), 0));
    int[] loop = IntStream.range(0, 64).map(i -> i < 16 ? i : i % 4).toArray();
    FreeRun run = FreeRun.of(loop, f16);
    assertThat(run.divergence()).hasValue(16);
    assertThat(run.loops()).isCloseTo(37.0 / 57, within(1e-9)); // of 57 runs 20 are new
    assertThat(FreeRun.of(new int[5], new int[3]).divergence()).hasValue(3);
  }
}
