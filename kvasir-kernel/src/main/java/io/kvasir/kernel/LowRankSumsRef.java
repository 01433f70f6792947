package io.kvasir.kernel;

/** Scalar twin that defines {@link LowRankSums}. */
final class LowRankSumsRef {
  private LowRankSumsRef() {}

  /** Twin of {@link LowRankSums#add} for one row of x, left being [rank][P], right [rank][L]. */
  static void add(float[] left, float[] right, int rank, float[] x, float[] out) {
    int lanes = out.length;
    for (int l = 0; l < lanes; l++) {
      for (int k = 0; k < rank; k++) {
        float along = FloatsRef.dot(x, 0, left, k * x.length, x.length);
        out[l] = Math.fma(right[k * lanes + l], along, out[l]);
      }
    }
  }

  /** Twin of {@link LowRankSums#addPage}. */
  static void addPage(
      float[] left, float[] right, int rank, int positions, int lanes, float[] page) {
    for (int p = 0; p < positions; p++) {
      for (int l = 0; l < lanes; l++) {
        for (int k = 0; k < rank; k++) {
          page[p * lanes + l] =
              Math.fma(right[k * lanes + l], left[k * positions + p], page[p * lanes + l]);
        }
      }
    }
  }
}
