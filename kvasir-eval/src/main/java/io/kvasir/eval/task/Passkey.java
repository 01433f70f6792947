package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Passkeys of eight places, in noise. The longer the key, the more pairs must all be there.
 *
 * <p>Source: Mohtashami and Jaggi 2023, arXiv:2305.16300, section 4.2.
 *
 * <p>Differs: eight places, so that eight questions share a context.
 *
 * @param digits of each key, 5 to 64
 */
record Passkey(int digits) implements Task {
  static final int FEWEST = 5;
  static final int MOST = 64;

  @Override
  public String name() {
    return "passkey(digits=" + digits + ")";
  }

  @Override
  public String about() {
    return "repeat a passkey of %d digits hidden in noise (Mohtashami and Jaggi 2023)"
        .formatted(digits);
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    List<String> places = Draws.shuffled(random, Words.PLACES).subList(0, Recipe.QUESTIONS);
    List<String> keys = Draws.distinct(Recipe.QUESTIONS, () -> Draws.digits(random, digits));
    List<Evidence> evidence = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (int q = 0; q < Recipe.QUESTIONS; q++) {
      String place = places.get(q);
      String sentence = "The passkey of the %s is %s.".formatted(place, keys.get(q));
      evidence.add(new Evidence(sentence, recipe.depth(q, Recipe.QUESTIONS)));
      questions.add(
          Question.lookup(
              recipe,
              "What is the passkey of the %s?".formatted(place),
              "The passkey of the %s is".formatted(place),
              List.of(keys.get(q)),
              Metric.EXACT));
    }
    Haystack noise = Haystack.noise();
    String context =
        Fill.fill(
            this,
            recipe,
            recipe.room(questions),
            (sentences, words) ->
                "Somewhere in this text are passkeys. Remember them.\n\n"
                    + noise.text(sentences, evidence)
                    + noise.words(sentences, words));
    for (int q = 0; q < Recipe.QUESTIONS; q++) {
      questions.set(
          q, questions.get(q).at(Haystack.depth(context, List.of(evidence.get(q).sentence()))));
    }
    return Items.of(this, recipe, false, context, questions);
  }
}
