package io.kvasir.eval.store;

import java.util.List;

/**
 * A row of {@code results.duckdb}. {@code AnswerRow} is table {@code answer}, its component {@code
 * goldLnp} column {@code gold_lnp}. A component that is an {@code Optional} may be null there.
 */
public sealed interface Row
    permits RunRow,
        EnvRow,
        ModelRow,
        PlanRow,
        ItemRow,
        AnswerRow,
        DivergenceRow,
        KeptRow,
        FateRow,
        CostRow,
        PartRow,
        SummaryRow,
        ClaimRow {

  /** All tables, in the order in which they refer to each other. */
  List<Class<? extends Row>> TABLES =
      List.of(
          RunRow.class,
          EnvRow.class,
          ModelRow.class,
          PlanRow.class,
          ItemRow.class,
          AnswerRow.class,
          DivergenceRow.class,
          KeptRow.class,
          FateRow.class,
          CostRow.class,
          PartRow.class,
          SummaryRow.class,
          ClaimRow.class);
}
