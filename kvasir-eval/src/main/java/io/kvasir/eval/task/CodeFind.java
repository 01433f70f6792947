package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Methods of the JDK without comments and under invented names: which one does what this sentence
 * of its Javadoc says? To be answered by name, or by choosing among four.
 *
 * <p>Source: the idea of RepoQA, Liu et al. 2024, arXiv:2406.06025.
 */
record CodeFind() implements Task {
  private static final int SHORTEST = 30;
  private static final int LONGEST = 200;
  private static final int CANDIDATES = 4;

  @Override
  public String name() {
    return "code-find";
  }

  @Override
  public String about() {
    return "name the renamed method that a Javadoc sentence describes (after RepoQA, Liu et al."
        + " 2024)";
  }

  @Override
  public Optional<String> missing() {
    return CodePool.missing();
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    CodePool.Drawn<CodeMethod> drawn = CodePool.draw(this, recipe, pool -> askable(recipe, pool));
    CodePool pool = drawn.pool();
    List<CodeMethod> asked = drawn.asked();
    List<Question> questions = new ArrayList<>();
    for (int q = 0; q < asked.size(); q++) {
      String name = pool.name(asked.get(q));
      List<String> candidates = new ArrayList<>();
      for (int i = 0; i < CANDIDATES; i++) {
        candidates.add(" " + pool.name(asked.get((q + i) % asked.size())));
      }
      questions.add(
          Question.lookup(
                  recipe,
                  "Which method is it that this describes? \"%s\""
                      .formatted(asked.get(q).sentence()),
                  "The method is",
                  List.of(name),
                  Metric.EXACT)
              .among(Draws.shuffled(random, candidates)));
    }
    return new CodeContext(pool, asked, 1, method -> true).item(this, recipe, questions);
  }

  /** Says something, and not the method's own name. */
  private static boolean describes(CodeMethod method) {
    String sentence = method.sentence();
    return sentence.length() >= SHORTEST
        && sentence.length() <= LONGEST
        && !sentence.toLowerCase(Locale.ROOT).contains(method.name().toLowerCase(Locale.ROOT));
  }

  /** Methods whose name and whose sentence no other one has. */
  private List<CodeMethod> askable(Recipe recipe, CodePool pool) {
    List<CodeMethod> described = pool.unique().stream().filter(CodeFind::describes).toList();
    Set<String> said = new HashSet<>();
    return Draws.shuffled(recipe.random(this), described).stream()
        .filter(method -> said.add(method.sentence()))
        .toList();
  }
}
