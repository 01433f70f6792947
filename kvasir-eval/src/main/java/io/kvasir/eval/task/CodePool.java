package io.kvasir.eval.task;

import io.kvasir.eval.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Methods of the JDK for one context, drawn by the recipe, under names that nobody knows: a model
 * that has read the JDK cannot answer from memory.
 *
 * <p>Names that are declared in the pool are replaced wherever they are called or declared; all
 * others (of types, of variables, of methods elsewhere) stay, so that the code still reads.
 */
final class CodePool {
  /** Code has three characters or more in a token, so this is plenty for a context. */
  private static final int CHARACTERS_PER_TOKEN = 8;

  private static final int FILES_AT_ONCE = 16;
  private static final int FEWEST_LINES = 3;
  private static final int MOST_LINES = 16;
  private static final Pattern CALL = Pattern.compile("\\b([a-z]\\w*)(?=\\()");

  private final String sha;
  private final List<CodeMethod> methods; // in order of files, and of their files
  private final Map<String, String> renamed = new HashMap<>();

  /**
   * A pool and what is asked of it.
   *
   * @param asked as many as there are questions
   */
  record Drawn<T>(CodePool pool, List<T> asked) {}

  private CodePool(String sha, List<CodeMethod> methods, UniformRandomProvider random) {
    this.sha = sha;
    this.methods = List.copyOf(methods);
    List<String> names = methods.stream().map(CodeMethod::name).distinct().toList();
    List<String> invented = Draws.distinct(names.size(), () -> invented(random));
    for (int i = 0; i < names.size(); i++) {
      renamed.put(names.get(i), invented.get(i));
    }
  }

  /** What a machine lacks for tasks of code, as a sentence. */
  static Optional<String> missing() {
    if (CodeReader.compiler().isEmpty()) {
      return Optional.of("this Java has no compiler; tasks of code need a JDK");
    }
    return JdkSources.ofThisJdk().isPresent()
        ? Optional.empty()
        : Optional.of("this JDK came without lib/src.zip, which tasks of code are made of");
  }

  /**
   * Draws files until their methods fill the context and eight things can be asked of them.
   *
   * @param askable what can be asked of a pool, in random order
   * @throws InputException when the JDK came without sources, or they are too few
   */
  static <T> Drawn<T> draw(Task task, Recipe recipe, Function<CodePool, List<T>> askable) {
    JdkSources sources =
        JdkSources.ofThisJdk()
            .orElseThrow(
                () -> new InputException(task.name() + ": " + missing().orElse("no sources")));
    List<String> files = Draws.shuffled(recipe.random(task), sources.names());
    List<CodeMethod> methods = new ArrayList<>();
    for (int from = 0; from < files.size(); from += FILES_AT_ONCE) {
      read(sources, files.subList(from, Math.min(from + FILES_AT_ONCE, files.size())), methods);
      if (characters(methods) > (long) CHARACTERS_PER_TOKEN * recipe.ctx()) {
        CodePool pool = new CodePool(sources.sha(), methods, recipe.random(task));
        List<T> found = askable.apply(pool);
        if (found.size() >= Recipe.QUESTIONS) {
          return new Drawn<>(pool, found.subList(0, Recipe.QUESTIONS));
        }
      }
    }
    throw new InputException(
        "%s: %s has too little code for ctx %d"
            .formatted(task.name(), sources.file(), recipe.ctx()));
  }

  /** Adds the methods that are neither trivial nor long. */
  private static void read(JdkSources sources, List<String> files, List<CodeMethod> methods) {
    List<String> texts = sources.read(files);
    for (int i = 0; i < files.size(); i++) {
      for (CodeMethod method : CodeReader.methods(files.get(i), texts.get(i))) {
        int lines = method.lines().size();
        if (lines >= FEWEST_LINES && lines <= MOST_LINES) {
          methods.add(method);
        }
      }
    }
  }

  private static long characters(List<CodeMethod> methods) {
    return methods.stream().mapToLong(method -> method.source().length()).sum();
  }

  /** {@code amberAnvil}, {@code tinyTower}. */
  private static String invented(UniformRandomProvider random) {
    String noun = Draws.one(random, Words.NOUNS);
    return Draws.one(random, Words.ADJECTIVES)
        + Character.toUpperCase(noun.charAt(0))
        + noun.substring(1)
        + (random.nextInt(4) == 0 ? "" : random.nextInt(2, 100)); // the pool may be large
  }

  /** Of the sources. */
  String sha() {
    return sha;
  }

  List<CodeMethod> methods() {
    return methods;
  }

  /** Those whose name no other method of the pool has. */
  List<CodeMethod> unique() {
    Map<String, List<CodeMethod>> named =
        methods.stream().collect(Collectors.groupingBy(CodeMethod::name));
    return methods.stream()
        .filter(method -> named.getOrDefault(method.name(), List.of()).size() == 1)
        .toList();
  }

  /** What a method is called here. */
  String name(CodeMethod method) {
    return renamed.getOrDefault(method.name(), method.name());
  }

  /** Code with the names of here. */
  String shown(String source) {
    return CALL.matcher(source)
        .replaceAll(
            call -> Matcher.quoteReplacement(renamed.getOrDefault(call.group(1), call.group(1))));
  }
}
