package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The first lines of a method that is not in the context: which line is next? It calls a method
 * that is, more than ctx/2 tokens earlier, under an invented name.
 *
 * <p>Source: RepoBench-P in LongBench, Bai et al. 2023, arXiv:2308.14508, for the form and the
 * score.
 */
record CodeNext() implements Task {
  /** Of the methods; with their lengths counted, what stands there is more than ctx/2 away. */
  private static final double PART = 0.3;

  private static final int SHORTEST_LINE = 8;

  /**
   * @param line of the caller that calls, counted from 0
   */
  private record Call(CodeMethod caller, CodeMethod callee, int line) {}

  @Override
  public String name() {
    return "code-next";
  }

  @Override
  public String about() {
    return "write the line that calls a method defined long before (after RepoBench-P)";
  }

  @Override
  public Optional<String> missing() {
    return CodePool.missing();
  }

  @Override
  public Item item(Recipe recipe) {
    CodePool.Drawn<Call> drawn =
        CodePool.draw(
            this, recipe, found -> onePerFile(Draws.shuffled(recipe.random(this), calls(found))));
    CodePool pool = drawn.pool();
    List<Call> calls = drawn.asked();
    List<Question> questions = calls.stream().map(call -> question(recipe, pool, call)).toList();
    List<CodeMethod> callers = calls.stream().map(Call::caller).toList();
    List<CodeMethod> callees = calls.stream().map(Call::callee).toList();
    return new CodeContext(pool, callees, PART, method -> !callers.contains(method))
        .item(this, recipe, questions);
  }

  private static List<Call> calls(CodePool pool) {
    Map<String, List<CodeMethod>> callees =
        pool.unique().stream().collect(Collectors.groupingBy(CodeMethod::file));
    List<Call> calls = new ArrayList<>();
    for (CodeMethod caller : pool.methods()) {
      for (CodeMethod callee : callees.getOrDefault(caller.file(), List.of())) {
        if (callee != caller) {
          line(caller, callee).ifPresent(line -> calls.add(new Call(caller, callee, line)));
        }
      }
    }
    return calls;
  }

  /** The first line that calls, if there are lines before it and the score can take it. */
  private static Optional<Integer> line(CodeMethod caller, CodeMethod callee) {
    Pattern call = Pattern.compile("(?<![.\\w])" + Pattern.quote(callee.name()) + "\\(");
    List<String> lines = caller.lines();
    return IntStream.range(0, lines.size())
        .boxed()
        .filter(i -> call.matcher(lines.get(i)).find())
        .findFirst()
        .filter(i -> i > 0 && lines.get(i).strip().length() >= SHORTEST_LINE)
        .filter(i -> !lines.get(i).matches(".*(`|#|//).*"));
  }

  private static List<Call> onePerFile(List<Call> calls) {
    Set<String> files = new HashSet<>();
    return calls.stream().filter(call -> files.add(call.callee().file())).toList();
  }

  private static Question question(Recipe recipe, CodePool pool, Call call) {
    List<String> lines = pool.shown(call.caller().source()).lines().toList();
    String answer = lines.get(call.line());
    return new Question(
        "Write the next line of this method:\n" + String.join("\n", lines.subList(0, call.line())),
        "",
        "\n" + answer,
        List.of(answer),
        List.of(),
        OptionalDouble.empty(),
        recipe.answerTokens("\n" + answer),
        Metric.EDIT);
  }
}
