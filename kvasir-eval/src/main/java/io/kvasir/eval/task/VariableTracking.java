package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Variables that are given a number, or what another one holds: which ones hold this number?
 *
 * <p>Source: RULER, Hsieh et al. 2024, arXiv:2404.06654, section 3 (variable tracking).
 *
 * <p>Differs: eight chains, one for each question; RULER has one.
 *
 * @param hops assignments after the first, 1 to 4
 */
record VariableTracking(int hops) implements Task {
  static final int MOST_HOPS = 4;

  /** A number and the variables that hold it, in order of assignment. */
  private record Chain(String number, List<String> variables) {
    List<String> sentences() {
      List<String> sentences = new ArrayList<>();
      sentences.add("Variable %s holds %s.".formatted(variables.getFirst(), number));
      for (int i = 1; i < variables.size(); i++) {
        sentences.add(
            "Variable %s holds what variable %s holds."
                .formatted(variables.get(i), variables.get(i - 1)));
      }
      return sentences;
    }
  }

  @Override
  public String name() {
    return "vt(hops=" + hops + ")";
  }

  @Override
  public String about() {
    return "name all variables that hold a number, %d assignments on (RULER, Hsieh et al. 2024)"
        .formatted(hops);
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    List<Chain> chains = chains(random);
    Haystack noise = Haystack.noise();
    List<Evidence> evidence = hidden(recipe, chains);
    List<Question> questions = chains.stream().map(chain -> question(recipe, chain)).toList();
    String context =
        Fill.fill(
            this,
            recipe,
            recipe.room(questions),
            (sentences, words) ->
                "In this text variables are given values. Keep track of them.\n\n"
                    + noise.text(sentences, evidence)
                    + noise.words(sentences, words));
    List<Question> located = new ArrayList<>();
    for (int q = 0; q < questions.size(); q++) {
      located.add(questions.get(q).at(Haystack.depth(context, chains.get(q).sentences())));
    }
    return Items.of(this, recipe, false, context, located);
  }

  private List<Chain> chains(UniformRandomProvider random) {
    int length = hops + 1;
    List<String> variables =
        Draws.distinct(Recipe.QUESTIONS * length, () -> Draws.letters(random, 5, 'A', 'Z'));
    List<String> numbers = Draws.distinct(Recipe.QUESTIONS, () -> Draws.digits(random, 5));
    return Stream.iterate(0, q -> q + 1)
        .limit(Recipe.QUESTIONS)
        .map(q -> new Chain(numbers.get(q), variables.subList(q * length, (q + 1) * length)))
        .toList();
  }

  /** All first assignments, then all second ones: a chain is in order and runs through it all. */
  private List<Evidence> hidden(Recipe recipe, List<Chain> chains) {
    List<Evidence> evidence = new ArrayList<>();
    for (int link = 0; link <= hops; link++) {
      for (Chain chain : chains) {
        double depth = recipe.depth(evidence.size(), chains.size() * (hops + 1));
        evidence.add(new Evidence(chain.sentences().get(link), depth));
      }
    }
    return evidence;
  }

  private static Question question(Recipe recipe, Chain chain) {
    return Question.lookup(
        recipe,
        "Which variables hold %s?".formatted(chain.number()),
        "The %d variables that hold %s are".formatted(chain.variables().size(), chain.number()),
        chain.variables(),
        Metric.SHARE_FOUND);
  }
}
