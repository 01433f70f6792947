package io.kvasir.eval.data;

import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Recipe;
import io.kvasir.eval.task.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Documents of a user as a task: each is a context, in their order. */
public final class DataTask implements Task {
  private final List<Document> documents;
  private final Fitting fitting;

  private DataTask(List<Document> documents, boolean truncate) {
    this.documents = List.copyOf(documents);
    this.fitting = new Fitting(truncate);
  }

  /**
   * A task for each benchmark, or part of one, that documents belong to.
   *
   * @param documents at least one
   * @param truncate whether what is too long loses words from its middle, instead of being left out
   */
  public static List<DataTask> of(List<Document> documents, boolean truncate) {
    Map<String, List<Document>> byTask =
        documents.stream()
            .collect(
                Collectors.groupingBy(Document::task, LinkedHashMap::new, Collectors.toList()));
    return byTask.values().stream().map(some -> new DataTask(some, truncate)).toList();
  }

  @Override
  public String name() {
    return documents.getFirst().task();
  }

  @Override
  public String about() {
    return "answer the questions of %d documents".formatted(documents.size());
  }

  @Override
  public int contexts() {
    return documents.size();
  }

  @Override
  public boolean continues() {
    return documents.stream()
        .flatMap(document -> document.questions().stream())
        .anyMatch(question -> question.metric() == Metric.LIKELIHOOD);
  }

  /** Whether its questions stand in the contexts, so that they can only be asked there. */
  public boolean aware() {
    return documents.stream().anyMatch(Document::aware);
  }

  /** Where a document was read, {@code file:line}. */
  public String place(int number) {
    return documents.get(number).place();
  }

  /** Whether an item of this task lacks its document's middle. */
  public boolean isCut(Item item) {
    return !item.context().equals(documents.get(item.number()).context());
  }

  @Override
  public boolean has(Recipe recipe) {
    return recipe.number() < documents.size()
        && fitting.item(documents.get(recipe.number()), recipe).isPresent();
  }

  @Override
  public Item item(Recipe recipe) {
    Document document = documents.get(recipe.number());
    return fitting
        .item(document, recipe)
        .orElseThrow(
            () ->
                new InputException(
                    "%s is too long for ctx %d".formatted(document.place(), recipe.ctx())));
  }
}
