package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Learns a dictionary from rows: spherical k-means, then rounds of approximate K-SVD (Rubinstein et
 * al. 2008): all rows are coded; then each atom in turn becomes the direction of what the rows that
 * use it would lack without it. Atoms that no row uses take the place of rows that were coded
 * worst.
 *
 * <p>Rows are coded by several threads, each row for itself: their number changes no bit.
 */
final class DictionaryLearning {
  private static final int CLUSTERING = 3; // rounds
  private static final int ROUNDS = 3;
  private static final int ATOMS = 4; // of a code, while learning
  private static final int PER_TASK = 128; // rows

  private final int dim;
  private final int count;
  private final float[] rows; // [count][dim]
  private final float[] rests; // [count][dim], what the codes leave
  private final int[] atoms; // [count][ATOMS], those of the codes
  private final float[] weights; // [count][ATOMS], 0 where unused
  private Dictionary dictionary;

  private DictionaryLearning(float[] rows, int dim, int size) {
    this.dim = dim;
    this.count = rows.length / dim;
    this.rows = rows;
    this.rests = new float[rows.length];
    this.atoms = new int[count * ATOMS];
    this.weights = new float[count * ATOMS];
    float[] first = new float[size * dim];
    for (int n = 0; n < size; n++) {
      System.arraycopy(rows, (int) ((long) count * n / size) * dim, first, n * dim, dim);
      unit(first, n * dim);
    }
    this.dictionary = Dictionary.of(first, dim);
  }

  /**
   * A dictionary for rows like these.
   *
   * @param rows [count][dim]
   * @param size atoms; as many as there are rows where these are fewer
   */
  static Dictionary learn(float[] rows, int dim, int size) {
    DictionaryLearning learning =
        new DictionaryLearning(rows, dim, Math.min(size, rows.length / dim));
    for (int i = 0; i < CLUSTERING; i++) {
      learning.cluster();
    }
    for (int i = 0; i < ROUNDS; i++) {
      learning.code();
      learning.improve();
    }
    return learning.dictionary;
  }

  /** Every atom becomes the mean direction of the rows that lie along it most. */
  private void cluster() {
    code(1);
    float[] means = new float[dictionary.atoms().length];
    for (int i = 0; i < count; i++) {
      Floats.axpy(weights[i * ATOMS], rows, i * dim, means, atoms[i * ATOMS] * dim, dim);
    }
    for (int at = 0; at < means.length; at += dim) {
      if (Floats.sumOfSquares(means, at, dim) == 0) {
        System.arraycopy(dictionary.atoms(), at, means, at, dim);
      }
      unit(means, at);
    }
    dictionary = Dictionary.of(means, dim);
  }

  private void code() {
    code(ATOMS);
  }

  private void code(int most) {
    IntStream.range(0, Math.ceilDiv(count, PER_TASK))
        .parallel()
        .forEach(
            task -> {
              Pursuit pursuit = new Pursuit(dictionary, most);
              for (int i = task * PER_TASK; i < Math.min(count, (task + 1) * PER_TASK); i++) {
                pursuit.code(rows, i * dim);
                System.arraycopy(pursuit.rest(), 0, rests, i * dim, dim);
                for (int a = 0; a < ATOMS; a++) {
                  boolean used = a < pursuit.count();
                  atoms[i * ATOMS + a] = used ? pursuit.atom(a) : 0;
                  weights[i * ATOMS + a] = used ? pursuit.weight(a) : 0;
                }
              }
            });
  }

  private void improve() {
    float[] better = dictionary.atoms().clone();
    List<Integer> idle = new ArrayList<>();
    List<List<Integer>> users = users();
    for (int n = 0; n < users.size(); n++) {
      if (users.get(n).isEmpty()) {
        idle.add(n);
      } else {
        improve(better, n, users.get(n));
      }
    }
    int[] worst = worstCoded(idle.size());
    for (int i = 0; i < worst.length; i++) {
      System.arraycopy(rests, worst[i] * dim, better, idle.get(i) * dim, dim);
      unit(better, idle.get(i) * dim);
    }
    dictionary = Dictionary.of(better, dim);
  }

  /** For each atom, the places in {@link #weights} of the codes that use it. */
  private List<List<Integer>> users() {
    List<List<Integer>> users = new ArrayList<>();
    for (int n = 0; n < dictionary.size(); n++) {
      users.add(new ArrayList<>());
    }
    for (int place = 0; place < weights.length; place++) {
      if (weights[place] != 0) {
        users.get(atoms[place]).add(place);
      }
    }
    return users;
  }

  private void improve(float[] better, int atom, List<Integer> places) {
    float[] old = Arrays.copyOfRange(better, atom * dim, (atom + 1) * dim);
    Arrays.fill(better, atom * dim, (atom + 1) * dim, 0);
    for (int place : places) {
      int row = place / ATOMS * dim;
      Floats.axpy(weights[place], old, 0, rests, row, dim); // as if without this atom
      Floats.axpy(weights[place], rests, row, better, atom * dim, dim);
    }
    if (Floats.sumOfSquares(better, atom * dim, dim) == 0) {
      System.arraycopy(old, 0, better, atom * dim, dim);
    }
    unit(better, atom * dim);
    for (int place : places) {
      int row = place / ATOMS * dim;
      weights[place] = Floats.dot(better, atom * dim, rests, row, dim);
      Floats.axpy(-weights[place], better, atom * dim, rests, row, dim);
    }
  }

  private int[] worstCoded(int wanted) {
    float[] left = new float[count];
    for (int i = 0; i < count; i++) {
      left[i] = Floats.sumOfSquares(rests, i * dim, dim);
    }
    return IntStream.range(0, count)
        .filter(i -> left[i] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -left[i]))
        .limit(wanted)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Gives a vector the length 1; one of length 0 becomes a channel. */
  private void unit(float[] x, int at) {
    double norm = Math.sqrt(Floats.sumOfSquares(x, at, dim));
    if (norm > 0) {
      Floats.scale((float) (1 / norm), x, at, dim);
    } else {
      x[at + at / dim % dim] = 1;
    }
  }
}
