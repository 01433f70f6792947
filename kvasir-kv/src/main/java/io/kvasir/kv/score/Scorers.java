package io.kvasir.kv.score;

import java.util.List;

/** Registry and table of contents of the scorers. */
public final class Scorers {
  /** One line per scorer, by family. */
  public static final List<Class<? extends Scorer>> ALL =
      List.of(
          // position and chance: the baselines
          StreamingLlm.class,
          Random.class,
          // keys alone
          Knorm.class,
          KeyDiff.class,
          // keys, and what was learned of queries
          QFilters.class,
          // keys and values against the text that follows
          LagKv.class,
          // attention of recent queries
          SnapKv.class,
          // attention that queries to come are expected to pay
          ExpectedAttention.class,
          // attention of all queries
          H2o.class,
          Keyformer.class,
          // a second reading of the prompt
          KvZip.class);

  private Scorers() {}
}
