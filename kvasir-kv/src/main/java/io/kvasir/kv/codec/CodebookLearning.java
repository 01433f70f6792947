package io.kvasir.kv.codec;

/**
 * K-means of numbers in [-1, 1], all of one weight. They are gathered in {@value #BINS} bins, so a
 * cluster ends between two of them, and no number is kept.
 */
final class CodebookLearning {
  private static final int BINS = 1 << 16;
  private static final int ROUNDS = 1000; // far beyond what it takes

  private final long[] counts = new long[BINS + 1]; // of the bin below; once learning, of all below
  private final double[] sums = new double[BINS + 1]; // likewise
  private double squares;

  /** Adds a number; one beyond [-1, 1] is left out. */
  void add(float x) {
    if (Math.abs(x) <= 1) {
      int bin = bin(x);
      counts[bin + 1]++;
      sums[bin + 1] += x;
      squares += (double) x * x;
    }
  }

  private static int bin(double x) {
    return (int) Math.clamp((x + 1) / 2 * BINS, 0, BINS - 1);
  }

  /**
   * Lloyd's rounds from evenly spaced quantiles until none moves: of numbers that lie as densely as
   * those of a model there is one end to them. A point without numbers stays where it is.
   *
   * <p>To be called once.
   *
   * @param spread whether levels have mean and deviation of the numbers (Q-Norm), not of the points
   */
  Codebook learn(int size, boolean spread) {
    for (int bin = 1; bin <= BINS; bin++) {
      counts[bin] += counts[bin - 1];
      sums[bin] += sums[bin - 1];
    }
    float[] points = new float[size];
    for (int i = 0; i < size; i++) {
      points[i] = quantile((i + 0.5) / size);
    }
    boolean moved = true;
    for (int round = 0; moved && round < ROUNDS; round++) {
      Cluster[] clusters = clusters(points);
      moved = false;
      for (int i = 0; i < size; i++) {
        float mean = clusters[i].count == 0 ? points[i] : (float) clusters[i].mean();
        moved |= mean != points[i];
        points[i] = mean;
      }
    }
    return new Codebook(points, spread ? spread(points) : points);
  }

  /** The middle of the bin in which so large a part of the numbers is reached. */
  private float quantile(double share) {
    int bin = 0;
    while (bin + 1 < BINS && counts[bin + 1] < share * counts[BINS]) {
      bin++;
    }
    return (2f * bin + 1) / BINS - 1;
  }

  private float[] spread(float[] points) {
    double count = 0;
    double sum = 0;
    double sumOfPoints = 0;
    double squaresOfPoints = 0;
    Cluster[] clusters = clusters(points);
    for (int i = 0; i < points.length; i++) {
      count += clusters[i].count;
      sum += clusters[i].sum;
      sumOfPoints += (double) clusters[i].count * points[i];
      squaresOfPoints += (double) clusters[i].count * points[i] * points[i];
    }
    double deviation = deviation(count, sum, squares);
    double deviationOfPoints = deviation(count, sumOfPoints, squaresOfPoints);
    if (!(deviationOfPoints > 0)) {
      return points; // one number, or none
    }
    float[] levels = new float[points.length];
    for (int i = 0; i < levels.length; i++) {
      double centred = points[i] - sumOfPoints / count;
      levels[i] = (float) (sum / count + centred * deviation / deviationOfPoints);
    }
    return levels;
  }

  private static double deviation(double count, double sum, double squares) {
    double mean = sum / count;
    return Math.sqrt(Math.max(0, squares / count - mean * mean));
  }

  /** Numbers that are nearest to one point. */
  private record Cluster(long count, double sum) {
    double mean() {
      return sum / count;
    }
  }

  private Cluster[] clusters(float[] points) {
    Cluster[] clusters = new Cluster[points.length];
    for (int i = 0, from = 0; i < points.length; i++) {
      boolean last = i + 1 == points.length;
      int to = last ? BINS : bin(((double) points[i] + points[i + 1]) / 2);
      clusters[i] = new Cluster(counts[to] - counts[from], sums[to] - sums[from]);
      from = to;
    }
    return clusters;
  }
}
