package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.incubator.vector.FloatVector;

/**
 * Rotary position embedding (Su et al. 2021, arXiv:2104.09864): pair i of a head turns by {@code
 * position * frequency[i]}.
 *
 * <p>{@code frequency[i] = base^(-2i / dim) / factor[i] / scaling}. Angles, sines and cosines are
 * computed in double and kept as f32 in tables of 64 positions, made when first used. Thread-safe.
 */
public final class Rotary {
  private static final int TABLE = 64;

  /** Which two elements of a head make pair i. */
  public enum Pairs {
    /** 2i and 2i + 1: GGUF files of llama, whose q and k rows are permuted for it. */
    INTERLEAVED,
    /** i and i + dim/2: qwen2, qwen3, gemma3. */
    HALVES
  }

  private final Pairs pairs;
  private final int half;
  private final double[] frequency;
  private final AtomicReferenceArray<float[]> tables; // [64][cos half, sin half]
  private final AtomicReferenceArray<float[]> turns; // the same as {@link #turns} has it

  /**
   * A rotation.
   *
   * @param dim rotated elements at the start of each head, even; the rest of a head stays
   * @param base frequency base, for example 10000
   * @param factors one divisor per pair ({@code rope_freqs.weight}), or empty
   * @param scaling linear scaling: positions are divided by it; 1 for none
   * @param positions distances that can be asked for: below this, in either direction
   */
  public Rotary(Pairs pairs, int dim, double base, float[] factors, double scaling, int positions) {
    if (dim < 2 || dim % 2 != 0) {
      throw new IllegalArgumentException("rotary: dim=" + dim + " must be positive and even");
    }
    if (factors.length != 0 && factors.length != dim / 2) {
      throw new IllegalArgumentException(
          "rotary: %d factors for dim=%d; expected none or %d"
              .formatted(factors.length, dim, dim / 2));
    }
    this.pairs = pairs;
    this.half = dim / 2;
    this.frequency = new double[half];
    for (int i = 0; i < half; i++) {
      double factor = factors.length == 0 ? 1 : factors[i];
      frequency[i] = Math.pow(base, -2.0 * i / dim) / factor / scaling;
    }
    this.tables = new AtomicReferenceArray<>(Math.ceilDiv(positions, TABLE));
    this.turns = new AtomicReferenceArray<>(tables.length());
  }

  /** Elements of each head that turn. */
  public int dim() {
    return 2 * half;
  }

  /**
   * Turns {@code heads} heads in place, head h at {@code x[at + h * stride]}.
   *
   * @param distance a position, or a signed move: by -p undoes by p, up to rounding
   * @throws IllegalArgumentException if the distance is beyond the positions given at construction
   */
  public void rotate(float[] x, int at, int heads, int stride, int distance) {
    int position = Math.absExact(distance);
    float[] table = table(checked(position) / TABLE);
    int cos = position % TABLE * 2 * half;
    float sign = distance < 0 ? -1 : 1;
    for (int h = 0; h < heads; h++) {
      if (pairs == Pairs.HALVES) {
        halves(x, at + h * stride, table, cos, sign);
      } else {
        interleaved(x, at + h * stride, table, cos, sign);
      }
    }
  }

  /** The mean rotation of {@code positions} positions from {@code from} on, wherever they lie. */
  public MeanRotation mean(int from, int positions) {
    return new MeanRotation(pairs, frequency, from, positions);
  }

  /** {@code a' = a cos - b sin, b' = b cos + a sin}, the second product of each rounded first. */
  private void interleaved(float[] x, int at, float[] table, int cos, float sign) {
    for (int i = 0; i < half; i++) {
      float c = table[cos + i];
      float s = table[cos + half + i] * sign;
      float a = x[at + 2 * i];
      float b = x[at + 2 * i + 1];
      x[at + 2 * i] = Math.fma(a, c, -(b * s));
      x[at + 2 * i + 1] = Math.fma(b, c, a * s);
    }
  }

  /** Floats of {@link #turns}. */
  public int turnsLength() {
    return TABLE * 2 * half;
  }

  /**
   * Cosines and sines of 64 consecutive positions, for {@link #rotateColumns}; not to be changed.
   *
   * @param first a multiple of 64
   * @return [dim/2][64] cosines, then as many sines
   */
  public float[] turns(int first) {
    int index = checked(first) / TABLE;
    float[] made = turns.get(index);
    if (made == null) { // two threads may both make it; the tables are equal
      made = new float[turnsLength()];
      for (int p = 0; p < TABLE; p++) {
        turn(first + p, p, made);
      }
      turns.set(index, made);
    }
    return made;
  }

  /** {@link #turns} or what {@link #turn} has made, with the pairs that they turn. */
  public Turns pairs(float[] table) {
    return new Turns(pairs, half, table);
  }

  /** Makes column {@code column} of turns that of a position. */
  public void turn(int position, int column, float[] turns) {
    float[] table = table(checked(position) / TABLE);
    int at = position % TABLE * 2 * half;
    for (int i = 0; i < 2 * half; i++) {
      turns[i * TABLE + column] = table[at + i];
    }
  }

  /**
   * Turns 64 heads that lie column by column, as {@link #rotate} would turn each, to the bit.
   *
   * @param x f32[D][64], little-endian, native; its first {@link #dim} rows turn
   * @param turns of the columns
   */
  public void rotateColumns(MemorySegment x, float[] turns) {
    long first = Native.address(x, 0, 4L * TABLE * 2 * half);
    int sines = TABLE * half;
    for (int i = 0; i < half; i++) {
      int low = pairs == Pairs.HALVES ? i : 2 * i;
      int high = pairs == Pairs.HALVES ? i + half : 2 * i + 1;
      long lowAt = first + 4L * TABLE * low;
      long highAt = first + 4L * TABLE * high;
      for (int j = 0; j < TABLE; j += Lanes.N) {
        FloatVector c = FloatVector.fromArray(Lanes.F, turns, i * TABLE + j);
        FloatVector s = FloatVector.fromArray(Lanes.F, turns, sines + i * TABLE + j);
        FloatVector a =
            FloatVector.fromMemorySegment(Lanes.F, Native.ALL, lowAt + 4L * j, Lanes.LE);
        FloatVector b =
            FloatVector.fromMemorySegment(Lanes.F, Native.ALL, highAt + 4L * j, Lanes.LE);
        a.fma(c, b.mul(s).neg()).intoMemorySegment(Native.ALL, lowAt + 4L * j, Lanes.LE);
        b.fma(c, a.mul(s)).intoMemorySegment(Native.ALL, highAt + 4L * j, Lanes.LE);
      }
    }
  }

  private int checked(int position) {
    if (position / TABLE >= tables.length()) {
      throw new IllegalArgumentException(
          "rotary: distance %d is beyond %d positions"
              .formatted(position, tables.length() * TABLE));
    }
    return position;
  }

  private void halves(float[] x, int at, float[] table, int cos, float sign) {
    int i = 0;
    for (; i <= half - Lanes.N; i += Lanes.N) {
      FloatVector c = FloatVector.fromArray(Lanes.F, table, cos + i);
      FloatVector s = FloatVector.fromArray(Lanes.F, table, cos + half + i).mul(sign);
      FloatVector a = FloatVector.fromArray(Lanes.F, x, at + i);
      FloatVector b = FloatVector.fromArray(Lanes.F, x, at + half + i);
      a.fma(c, b.mul(s).neg()).intoArray(x, at + i);
      b.fma(c, a.mul(s)).intoArray(x, at + half + i);
    }
    for (; i < half; i++) {
      float c = table[cos + i];
      float s = table[cos + half + i] * sign;
      float a = x[at + i];
      float b = x[at + half + i];
      x[at + i] = Math.fma(a, c, -(b * s));
      x[at + half + i] = Math.fma(b, c, a * s);
    }
  }

  private float[] table(int index) {
    float[] table = tables.get(index);
    if (table == null) { // two threads may both make it; the tables are equal
      table = new float[TABLE * 2 * half];
      for (int p = 0; p < TABLE; p++) {
        for (int i = 0; i < half; i++) {
          double angle = (index * TABLE + p) * frequency[i];
          table[p * 2 * half + i] = (float) Math.cos(angle);
          table[p * 2 * half + half + i] = (float) Math.sin(angle);
        }
      }
      tables.set(index, table);
    }
    return table;
  }
}
