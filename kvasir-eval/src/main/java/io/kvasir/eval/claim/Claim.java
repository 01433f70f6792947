package io.kvasir.eval.claim;

import io.kvasir.eval.task.Task;
import io.kvasir.kv.KvPlan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What somebody published about a method, as it can be tested.
 *
 * @param id unique among all claims
 * @param source who says so, and the figure
 * @param let the plans, by name, in order
 * @param reading how f16 is weighed
 * @param tasks that it is about, all of which this machine can make; none where it is about cost
 * @param ctxs tokens of contexts
 * @param equalBytes whether {@code keep} is moved until all plans hold equally many bytes
 * @param expectation what is to be seen; nothing where {@code needs} says why it cannot be
 * @param needs what would be needed to test it; nothing where nothing is missing
 * @param digest of all that stands in its entry, however that is laid out
 * @param place where it stands, {@code file:line}
 */
public record Claim(
    String id,
    String source,
    Map<String, Named> let,
    Reading reading,
    List<Task> tasks,
    List<Integer> ctxs,
    boolean equalBytes,
    Optional<Expectation> expectation,
    Optional<String> needs,
    String digest,
    String place) {

  /** The name of the full cache in every expectation. */
  static final String F16 = "f16";

  /**
   * A plan of a claim.
   *
   * @param text as it is written
   */
  public record Named(String text, KvPlan plan, Reading reading) {}

  public Claim {
    let = Collections.unmodifiableMap(new LinkedHashMap<>(let)); // in order
    tasks = List.copyOf(tasks);
    ctxs = List.copyOf(ctxs);
  }

  /** What is to be seen, for people; else what is missing. */
  public String expected() {
    return expectation.map(Expectation::text).orElseGet(() -> "needs " + needs.orElseThrow());
  }

  /** A plan by its name; the full cache has one, too. */
  Named plan(String name) {
    return name.equals(F16)
        ? new Named(F16, KvPlan.FULL, reading)
        : Objects.requireNonNull(let.get(name), name);
  }
}
