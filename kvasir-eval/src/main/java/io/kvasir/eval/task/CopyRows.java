package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * A table of random rows: repeat rows 10 to 40, word for word. Every pair of those rows is needed,
 * and the model has only to copy.
 */
record CopyRows() implements Task {
  private static final int FIRST = 10;
  private static final int LAST = 40;

  @Override
  public String name() {
    return "copy";
  }

  @Override
  public String about() {
    return "repeat rows %d to %d of a table".formatted(FIRST, LAST);
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    List<String> rows = new ArrayList<>();
    Haystack table =
        new Haystack(
            i -> {
              while (rows.size() <= i) {
                rows.add(row(random, rows.size() + 1));
              }
              return rows.get(i);
            },
            "\n");
    String head = table.text(LAST, List.of());
    List<String> gold = rows.subList(FIRST - 1, LAST);
    String answer = "\n" + String.join("\n", gold);
    Question question =
        new Question(
            "Repeat rows %d to %d of the table, each in a line of its own.".formatted(FIRST, LAST),
            "Rows %d to %d:".formatted(FIRST, LAST),
            answer,
            gold,
            List.of(),
            OptionalDouble.empty(),
            recipe.answerTokens(answer),
            Metric.LINE_F1);
    String context =
        Fill.fill(
            this,
            recipe,
            recipe.room(List.of(question)),
            (more, words) ->
                "This is a table of goods."
                    + Haystack.noise().words(0, words)
                    + "\n\n"
                    + table.text(LAST + more, List.of()));
    double depth = (context.indexOf(head) + head.length() / 2.0) / context.length();
    return Items.of(this, recipe, false, context, List.of(question.at(OptionalDouble.of(depth))));
  }

  private static String row(UniformRandomProvider random, int number) {
    return "%d | %s | %s | %s"
        .formatted(
            number,
            Words.name(random),
            Draws.digits(random, 3),
            Draws.letters(random, 3, 'A', 'Z'));
  }
}
