package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A context of methods, those that are asked for among others.
 *
 * @param asked one for each question
 * @param part of the context, from its beginning, that those are spread over; in (0, 1]
 * @param others whether a method of the pool may stand there besides
 */
record CodeContext(
    CodePool pool, List<CodeMethod> asked, double part, Predicate<CodeMethod> others) {

  /** Fills the context and says where each method stands. */
  Item item(Task task, Recipe recipe, List<Question> questions) {
    List<Evidence> evidence = new ArrayList<>();
    for (int q = 0; q < asked.size(); q++) {
      evidence.add(
          new Evidence(pool.shown(asked.get(q).source()), part * recipe.depth(q, asked.size())));
    }
    List<String> rest =
        pool.methods().stream()
            .filter(method -> !asked.contains(method) && others.test(method))
            .map(method -> pool.shown(method.source()))
            .toList();
    Haystack methods = new Haystack(i -> rest.get(i % rest.size()), "\n\n");
    String context =
        Fill.fill(
            task,
            recipe,
            recipe.room(questions),
            rest.size(),
            (count, words) ->
                "These are methods of a Java program.\n\n"
                    + methods.text(count, evidence)
                    + (words == 0 ? "" : "\n\n" + methods.words(count, words).strip()));
    List<Question> located = new ArrayList<>();
    for (int q = 0; q < asked.size(); q++) {
      located.add(
          questions.get(q).at(Haystack.depth(context, List.of(evidence.get(q).sentence()))));
    }
    return Items.of(task, recipe, pool.sha(), context, located);
  }
}
