package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * A JSON object of UUID pairs, all alike: which value has this key? The key is said once, as the
 * beginning of its pair: small models go on with a pair more readily than they answer about it.
 *
 * <p>Source: Liu et al. 2023, "Lost in the Middle", arXiv:2307.03172, section 3.
 */
record KeyValue() implements Task {
  @Override
  public String name() {
    return "kv";
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public String about() {
    return "look up a key in a JSON object of UUID pairs (Liu et al. 2023)";
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    List<Evidence> evidence = new ArrayList<>();
    List<Question> questions = new ArrayList<>();
    for (int q = 0; q < Recipe.QUESTIONS; q++) {
      String key = Draws.uuid(random);
      String value = Draws.uuid(random);
      evidence.add(new Evidence(pair(key, value), recipe.depth(q, Recipe.QUESTIONS)));
      questions.add(
          Question.lookup(
              recipe,
              "Which value has this key?",
              "\"%s\": \"".formatted(key),
              List.of(value),
              Metric.EXACT));
    }
    List<String> others = new ArrayList<>();
    Haystack pairs =
        new Haystack(
            i -> {
              while (others.size() <= i) {
                others.add(pair(Draws.uuid(random), Draws.uuid(random)));
              }
              return others.get(i);
            },
            ",\n");
    String context =
        Fill.fill(
            this,
            recipe,
            recipe.room(questions),
            (count, words) ->
                "This JSON object gives keys their values. After it, you will be asked for some."
                    + Haystack.noise().words(0, words)
                    + "\n\n{"
                    + pairs.text(count, evidence)
                    + "}");
    for (int q = 0; q < Recipe.QUESTIONS; q++) {
      questions.set(
          q, questions.get(q).at(Haystack.depth(context, List.of(evidence.get(q).sentence()))));
    }
    return Items.of(this, recipe, false, context, questions);
  }

  private static String pair(String key, String value) {
    return "\"%s\": \"%s\"".formatted(key, value);
  }
}
