package io.kvasir.kernel;

/**
 * Matrices that multiply the same rows of activations: one batch of tasks for all, and activations
 * rounded once.
 */
public final class Products {
  private static final int TASKS_PER_THREAD = 4;

  private final PackedMatrix[] matrices;
  private final int cols;
  private final boolean takeBytes; // one of them, at least

  /**
   * @param matrices one or more, of the same number of columns
   */
  public Products(PackedMatrix... matrices) {
    this.matrices = matrices.clone();
    this.cols = matrices[0].cols();
    boolean takeBytes = false;
    for (PackedMatrix matrix : matrices) {
      if (matrix.cols() != cols) {
        throw new IllegalArgumentException(
            "matrices of %d and %d columns do not multiply the same rows"
                .formatted(cols, matrix.cols()));
      }
      takeBytes |= matrix.takesBytes();
    }
    this.takeBytes = takeBytes;
  }

  /**
   * {@code y[m][t] = matrix m times x[t]}, in f32.
   *
   * @param x gapless f32 [tokens][cols]
   * @param y for each matrix gapless f32 [tokens][rows], overwritten; must not overlap x
   */
  public void multiply(float[] x, int tokens, Workers workers, float[]... y) {
    Rows in = Rows.of(x, cols);
    Rows[] out = check(in, tokens, y);
    run(
        tokens,
        workers,
        PackedMatrix::teams,
        (m, team, thread) ->
            matrices[m].multiply(
                team, in, tokens, out[m], PackedMatrix.scratch(workers, thread, 0)));
  }

  /**
   * The same with activations rounded to int8, but for matrices whose weights are no codes: they
   * compute in f32.
   *
   * @param rounded receives the rounded x
   */
  public void multiply(float[] x, int tokens, ByteRows rounded, Workers workers, float[]... y) {
    Rows in = Rows.of(x, cols);
    Rows[] out = check(in, tokens, y);
    if (takeBytes) {
      rounded.reserve(tokens, cols);
      workers.run(tokens, (t, thread) -> rounded.round(t, x, t * cols));
    }
    run(
        tokens,
        workers,
        matrix -> matrix.takesBytes() ? matrix.panelCount() : matrix.teams(),
        (m, unit, thread) -> {
          float[] scratch = PackedMatrix.scratch(workers, thread, tokens);
          if (matrices[m].takesBytes()) {
            matrices[m].multiply(unit, rounded, tokens, out[m], scratch);
          } else {
            matrices[m].multiply(unit, in, tokens, out[m], scratch);
          }
        });
  }

  private Rows[] check(Rows x, int tokens, float[][] y) {
    x.check("x", tokens, cols);
    Rows[] rows = new Rows[matrices.length];
    for (int m = 0; m < matrices.length; m++) {
      rows[m] = Rows.of(y[m], matrices[m].rows());
      rows[m].check("y", tokens, matrices[m].rows());
    }
    return rows;
  }

  private interface Units {
    int of(PackedMatrix matrix);
  }

  private interface Unit {
    void run(int matrix, int unit, int thread);
  }

  /** Tasks of several units, which may belong to several matrices. */
  private void run(int tokens, Workers workers, Units units, Unit unit) {
    int[] ends = new int[matrices.length];
    int total = 0;
    for (int m = 0; m < matrices.length; m++) {
      total += units.of(matrices[m]);
      ends[m] = total;
    }
    int all = total;
    int size = tokens > 1 ? 1 : Math.max(1, total / (workers.threads() * TASKS_PER_THREAD));
    workers.run(
        Math.ceilDiv(total, size),
        (task, thread) -> {
          int m = 0;
          for (int i = task * size; i < Math.min((task + 1) * size, all); i++) {
            while (i >= ends[m]) {
              m++;
            }
            unit.run(m, m == 0 ? i : i - ends[m - 1], thread);
          }
        });
  }
}
