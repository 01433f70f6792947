package io.kvasir.kv.budget;

import java.util.List;

/** Registry and table of contents of the budgets. */
public final class Budgets {
  /** One line per budget, by family. */
  public static final List<Class<? extends Budget>> ALL =
      List.of(
          // the same everywhere
          Uniform.class,
          // by depth, from a formula
          PyramidKv.class,
          // by depth, from scores
          PrefixKv.class,
          // prompt and answer apart
          Scope.class,
          // all pairs in one competition
          Pooled.class,
          // by what was learned of the heads
          HeadKv.class);

  private Budgets() {}
}
