package io.kvasir.eval.task;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Methods of the JDK without comments and under invented names: which one returns, or throws, what
 * no other one does?
 */
record CodeConstant() implements Task {
  private static final Pattern RETURNS =
      Pattern.compile("return (\"[^\"\\\\]{3,40}\"|-?[0-9]{2,}[0-9_L.]*|0x[0-9a-fA-F]{2,}L?);");
  private static final Pattern THROWS =
      Pattern.compile("throw new (\\w+\\(\"[^\"\\\\]{5,60}\"\\));");

  /**
   * @param asks the question
   * @param code that only this method has
   */
  private record Fact(CodeMethod method, String asks, String code) {}

  @Override
  public String name() {
    return "code-const";
  }

  @Override
  public String about() {
    return "name the renamed method that returns or throws a certain constant";
  }

  @Override
  public Optional<String> missing() {
    return CodePool.missing();
  }

  @Override
  public Item item(Recipe recipe) {
    CodePool.Drawn<Fact> drawn = CodePool.draw(this, recipe, pool -> askable(recipe, pool));
    CodePool pool = drawn.pool();
    List<Fact> facts = drawn.asked();
    List<Question> questions =
        facts.stream()
            .map(
                fact ->
                    Question.lookup(
                        recipe,
                        fact.asks(),
                        "The method is",
                        List.of(pool.name(fact.method())),
                        Metric.EXACT))
            .toList();
    List<CodeMethod> asked = facts.stream().map(Fact::method).toList();
    return new CodeContext(pool, asked, 1, method -> true).item(this, recipe, questions);
  }

  private List<Fact> askable(Recipe recipe, CodePool pool) {
    return Draws.shuffled(recipe.random(this), pool.unique()).stream()
        .map(CodeConstant::fact)
        .flatMap(Optional::stream)
        .filter(fact -> onlyOne(pool, fact))
        .toList();
  }

  private static Optional<Fact> fact(CodeMethod method) {
    Matcher returns = RETURNS.matcher(method.source());
    if (returns.find()) {
      String value = returns.group(1);
      return Optional.of(new Fact(method, "Which method returns %s?".formatted(value), value));
    }
    Matcher thrown = THROWS.matcher(method.source());
    if (thrown.find()) {
      String value = thrown.group(1);
      return Optional.of(new Fact(method, "Which method throws %s?".formatted(value), value));
    }
    return Optional.empty();
  }

  private static boolean onlyOne(CodePool pool, Fact fact) {
    return pool.methods().stream().filter(m -> m.source().contains(fact.code())).count() == 1;
  }
}
