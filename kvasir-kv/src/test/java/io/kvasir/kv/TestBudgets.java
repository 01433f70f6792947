package io.kvasir.kv;

import io.kvasir.kv.budget.Allotment;
import io.kvasir.kv.budget.Budget;
import java.util.Arrays;
import java.util.List;

/** Budgets that move pairs between heads, so that ragged and global cuts can be tested. */
final class TestBudgets {
  static final Methods METHODS = Methods.with(List.of(Ada.class, Global.class));

  private TestBudgets() {}

  /** The best pairs of a layer stay, whichever heads they are of. */
  @KvMethod(value = "test-ada", summary = "best of a layer", source = "this test", cost = "none")
  record Ada() implements Budget {
    @Override
    public String defaultScorer() {
      return "knorm";
    }

    @Override
    public void allot(Allotment allotment) {
      for (int layer = allotment.from(); layer < allotment.to(); layer++) {
        allotBest(allotment, layer, layer + 1);
      }
    }
  }

  /** The best pairs of the sequence stay, whichever layers and heads they are of. */
  @KvMethod(value = "test-global", summary = "best of all", source = "this test", cost = "none")
  record Global() implements Budget {
    @Override
    public String defaultScorer() {
      return "knorm";
    }

    @Override
    public boolean global() {
      return true;
    }

    @Override
    public void allot(Allotment allotment) {
      allotBest(allotment, allotment.from(), allotment.to());
    }
  }

  private static void allotBest(Allotment allotment, int from, int to) {
    int heads = allotment.kvHeads(from);
    float[][] scores = new float[(to - from) * heads][];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = allotment.scores(from + i / heads, i % heads);
    }
    int[] counts = winners(scores, allotment.mean() * scores.length);
    for (int i = 0; i < counts.length; i++) {
      allotment.keep(from + i / heads, i % heads, counts[i]);
    }
  }

  /** How many of the {@code keep} highest numbers lie in each row; they must all differ. */
  private static int[] winners(float[][] scores, int keep) {
    int stored = Arrays.stream(scores).mapToInt(row -> row.length).sum();
    float[] all = new float[stored];
    int next = 0;
    for (float[] row : scores) {
      System.arraycopy(row, 0, all, next, row.length);
      next += row.length;
    }
    Arrays.sort(all);
    float lowest = all[Math.max(0, stored - keep)];
    int[] counts = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      for (float score : scores[i]) {
        counts[i] += score >= lowest ? 1 : 0;
      }
    }
    return counts;
  }
}
