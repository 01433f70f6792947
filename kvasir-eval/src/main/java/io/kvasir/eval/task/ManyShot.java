package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Many examples of invented labels: things of one kind have the same. Which label has a new one?
 *
 * <p>Source: the many-shot setting of Agarwal et al. 2024, arXiv:2404.11018, with labels that
 * cannot be known beforehand (Wei et al. 2023, arXiv:2303.03846).
 */
record ManyShot() implements Task {
  private static final List<String> LABELS =
      List.of("blick", "dax", "fep", "grud", "nolp", "tiv", "wug", "zorp");

  private static final List<List<String>> KINDS =
      List.of(Words.ANIMALS, Words.TOOLS, Words.FOODS, Words.PLACES);

  @Override
  public String name() {
    return "icl";
  }

  @Override
  public String about() {
    return "label a thing as many examples label others of its kind (Agarwal et al. 2024)";
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    List<String> labels = Draws.shuffled(random, LABELS).subList(0, KINDS.size());
    List<String> answers = labels.stream().map(label -> " " + label).toList();
    List<String> asked = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (int q = 0; q < Recipe.QUESTIONS; q++) {
      int kind = q % KINDS.size();
      String thing = thing(random, kind);
      while (asked.contains(thing)) {
        thing = thing(random, kind);
      }
      asked.add(thing);
      questions.add(
          Question.lookup(
                  recipe, "Thing: " + thing, "Label:", List.of(labels.get(kind)), Metric.EXACT)
              .among(answers)
              .at(OptionalDouble.empty()));
    }
    List<String> shots = new ArrayList<>();
    Haystack examples =
        new Haystack(
            i -> {
              while (shots.size() <= i) {
                int kind = random.nextInt(KINDS.size());
                String thing = thing(random, kind);
                if (!asked.contains(thing)) {
                  shots.add("Thing: %s\nLabel: %s".formatted(thing, labels.get(kind)));
                }
              }
              return shots.get(i);
            },
            "\n\n");
    String context =
        Fill.fill(
            this,
            recipe,
            recipe.room(questions),
            (count, words) ->
                "Every thing has a label. Learn from the examples which."
                    + Haystack.noise().words(0, words)
                    + "\n\n"
                    + examples.text(count, List.of()));
    return Items.of(this, recipe, false, context, questions);
  }

  private static String thing(UniformRandomProvider random, int kind) {
    return Draws.one(random, Words.ADJECTIVES) + " " + Draws.one(random, KINDS.get(kind));
  }
}
