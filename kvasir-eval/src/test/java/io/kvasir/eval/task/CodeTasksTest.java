package io.kvasir.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CodeTasksTest {
  private static Item item(Task task) {
    assumeTrue(task.missing().isEmpty(), () -> task.missing().orElse(""));
    return task.item(Recipes.of(4096, 1));
  }

  @Test
  void aSourceIsTakenApartWithoutItsComments() {
    List<CodeMethod> methods =
        CodeReader.methods(
            "A.java",
            """
            class A {
              A() { first(); }
              /**
               * Doubles the {@code number}. Really.
               * @param number any
               */
              int twice(int number) {
                // no comment
                return 2 * number; /* none */
              }
              abstract int none();
            }
            """);
    assertThat(methods).hasSize(1);
    assertThat(methods.getFirst().name()).isEqualTo("twice");
    assertThat(methods.getFirst().sentence()).isEqualTo("Doubles the number.");
    assertThat(methods.getFirst().lines())
        .containsExactly("int twice(int number) {", "    return 2 * number;", "}");
    assertThat(CodeReader.methods("B.java", "class {")).isEmpty();
  }

  @Test
  void aSentenceIsAskedForByAnInventedName() {
    Item item = item(new CodeFind());
    assertThat(item.questions()).hasSize(8);
    for (Question question : item.questions()) {
      String name = question.gold().getFirst();
      assertThat(declarations(item.context(), name)).isEqualTo(1);
      assertThat(question.candidates()).hasSize(4).doesNotHaveDuplicates().contains(" " + name);
      assertThat(item.context()).doesNotContain(question.text()).doesNotContain("/**");
      assertThat(question.depth()).isPresent();
    }
  }

  @Test
  void aConstantStandsOnceInTheContext() {
    Item item = item(new CodeConstant());
    for (Question question : item.questions()) {
      String constant = question.text().replaceFirst("Which method (returns|throws) (.*)\\?", "$2");
      assertThat(item.context().split("\n\n"))
          .filteredOn(method -> method.contains(constant))
          .singleElement()
          .asString()
          .contains(question.gold().getFirst() + "(");
    }
  }

  @Test
  void theNextLineCallsWhatIsMoreThanHalfTheContextAway() {
    Item item = item(new CodeNext());
    Pattern call = Pattern.compile("\\b([a-z]\\w*)\\(");
    for (Question question : item.questions()) {
      assertThat(question.depth().orElseThrow()).isLessThan(0.42);
      assertThat(call.matcher(question.gold().getFirst()).results().map(m -> m.group(1)))
          .anyMatch(name -> declarations(item.context(), name) == 1);
      String head = question.text().substring(question.text().indexOf('\n') + 1);
      assertThat(item.context().contains(head + question.answer())).isFalse();
      assertThat(question.text()).doesNotEndWith("\n");
    }
  }

  private static long declarations(String context, String name) {
    return count(context, "(?m)^(?! ).*[\\w>\\]] " + Pattern.quote(name) + "\\(");
  }

  private static long count(String context, String pattern) {
    return Pattern.compile(pattern).matcher(context).results().map(MatchResult::group).count();
  }
}
