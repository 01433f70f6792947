package io.kvasir.eval.report;

import io.kvasir.eval.store.SummaryRow;
import java.util.Comparator;

/** What one chart may show together: results that differ in one of these never stand in one. */
record Scene(String modelSha, int ctx, String protocol, String prefill)
    implements Comparable<Scene> {
  private static final Comparator<Scene> ORDER =
      Comparator.comparing(Scene::modelSha)
          .thenComparing(Scene::protocol)
          .thenComparing(Scene::prefill)
          .thenComparing(Scene::ctx);

  static Scene of(SummaryRow row) {
    return new Scene(row.modelSha(), row.ctx(), row.protocol(), row.prefill());
  }

  @Override
  public int compareTo(Scene other) {
    return ORDER.compare(this, other);
  }
}
