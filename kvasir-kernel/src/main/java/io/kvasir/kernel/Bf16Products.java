package io.kvasir.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Products of many rows with packed weights in bf16, by {@link Bf16Matmul}: weights are expanded
 * slice by slice, 64 outputs at a time, by the thread that uses them, so that a slice stays in its
 * cache and one per thread is all that is ever held.
 *
 * <p>A row's result does not depend on the other rows, their number, or the number of threads. One
 * call at a time.
 */
public final class Bf16Products {
  private static final int SLICE = Bf16Pairs.WIDTH;

  /** Rows that are multiplied at a time: as many as a call's own cost is small for. */
  static final int BATCH = 256;

  /** Where fewer are left: this many, and at the end of a range the least. */
  static final int BLOCK = 64;

  static final int TAIL = 16;

  private final Workers workers;
  private final Slot[] slots;

  /**
   * Products on these threads; holds memory for each of them until the last reference is gone.
   *
   * @throws IllegalStateException if oneDNN is not {@link OneDnn#available()}
   */
  public Bf16Products(Workers workers) {
    if (!OneDnn.available()) {
      throw new IllegalStateException("no oneDNN: " + OneDnn.refusal().orElseThrow());
    }
    this.workers = workers;
    this.slots = new Slot[workers.threads()];
    Arrays.setAll(slots, Slot::new);
  }

  /** A matrix and where its product goes, f32 [rows][rows of w], overwritten. */
  public record Product(PackedMatrix w, Rows y) {
    private int slices() {
      return Math.ceilDiv(w.rows(), SLICE);
    }
  }

  /**
   * {@code y[t][r] = sum over c of bf16(w[r][c]) * x[t][c]}, summed in f32: the same rows times one
   * or several matrices, in one batch of tasks.
   *
   * @param x [rows][cols of each matrix]
   */
  public void multiply(Bf16Rows x, int rows, Product... products) {
    int slices = 0;
    for (Product product : products) {
      check(product.w(), x, rows);
      product.y().check("y", rows, product.w().rows());
      slices += product.slices();
    }
    run(
        slices,
        rows,
        (slot, slice, from, to) -> {
          int p = 0;
          int s = slice;
          for (; s >= products[p].slices(); p++) {
            s -= products[p].slices();
          }
          slot.multiply(products[p].w(), x, s, from, to, products[p].y());
        });
  }

  /**
   * The first half of a gated feed-forward layer, of which only the result is kept: {@code
   * out[t][r] = bf16(activation(gate[r] x[t]) * (up[r] x[t]))}.
   *
   * @param x [rows][cols of gate and up]
   * @param out [rows][rows of gate and up]
   */
  public void gate(
      PackedMatrix gate,
      PackedMatrix up,
      Activations.Gate activation,
      Bf16Rows x,
      int rows,
      Bf16Rows out) {
    check(gate, x, rows);
    check(up, x, rows);
    if (gate.rows() != up.rows() || out.cols() != up.rows() || out.rows() < rows) {
      throw new IllegalArgumentException(
          "gate has %d rows, up %d and the result [%d][%d]; expected the same number and %d rows"
              .formatted(gate.rows(), up.rows(), out.rows(), out.cols(), rows));
    }
    run(
        Math.ceilDiv(gate.rows(), SLICE),
        rows,
        (slot, slice, from, to) -> slot.gate(gate, up, activation, x, slice, from, to, out));
  }

  private static void check(PackedMatrix w, Bf16Rows x, int rows) {
    if (x.cols() != w.cols() || x.rows() < rows) {
      throw new IllegalArgumentException(
          "x is [%d][%d], expected [%d][%d]".formatted(x.rows(), x.cols(), rows, w.cols()));
    }
  }

  private interface Piece {
    void run(Slot slot, int slice, int fromRow, int toRow);
  }

  /**
   * Slices are the tasks. Those that do not go evenly into the threads are split by rows as well,
   * and so is the last one of each thread: none waits long for the other's last task.
   */
  private void run(int slices, int rows, Piece piece) {
    int blocks = Math.ceilDiv(rows, BLOCK);
    int parts = Math.min(workers.threads(), blocks);
    int whole = parts == 1 ? slices : Math.max(0, slices - slices % parts - parts);
    int rowsOfPart = Math.ceilDiv(blocks, parts) * BLOCK;
    workers.run(
        whole + (slices - whole) * parts,
        (task, thread) -> {
          if (task < whole) {
            piece.run(slots[thread], task, 0, rows);
          } else {
            int from = (task - whole) % parts * rowsOfPart;
            int slice = whole + (task - whole) / parts;
            piece.run(slots[thread], slice, from, Math.min(from + rowsOfPart, rows));
          }
        });
  }

  /**
   * {@code y[at + t * stride + j] = block[t][j]} for j below width; a copy call a row is slower.
   */
  private static void copy(
      MemorySegment block, int rows, float[] y, int at, int stride, int width) {
    long first = Native.address(block, 0, 4L * rows * SLICE);
    for (int t = 0; t < rows; t++) {
      int to = at + t * stride;
      long from = first + 4L * t * SLICE;
      int j = 0;
      for (; j <= width - Lanes.N; j += Lanes.N) {
        FloatVector.fromMemorySegment(Lanes.F, Native.ALL, from + 4L * j, Lanes.LE)
            .intoArray(y, to + j);
      }
      for (; j < width; j++) {
        y[to + j] = Native.ALL.get(ValueLayout.JAVA_FLOAT, from + 4L * j);
      }
    }
  }

  /** What one thread holds. */
  private final class Slot {
    private final int thread;
    private final Arena arena = Arena.ofAuto();
    private final Bf16Matmuls matmuls = new Bf16Matmuls(arena);
    private final MemorySegment first = arena.allocate(4L * BATCH * SLICE, 64);
    private final MemorySegment second = arena.allocate(4L * BATCH * SLICE, 64);
    private final float[] gates = new float[BATCH * SLICE];
    private final float[] ups = new float[BATCH * SLICE];
    private MemorySegment weights = MemorySegment.NULL;
    private MemorySegment more = MemorySegment.NULL;

    Slot(int thread) {
      this.thread = thread;
    }

    void multiply(PackedMatrix w, Bf16Rows x, int slice, int from, int to, Rows y) {
      weights = expand(w, slice, weights);
      int width = Math.min(SLICE, w.rows() - slice * SLICE);
      for (int r = from, rows; r < to; r += rows) {
        rows = rowsAtOnce(to - r);
        product(x, r, rows, weights, first);
        copy(first, rows, y.data(), y.row(r) + slice * SLICE, y.stride(), width);
      }
    }

    void gate(
        PackedMatrix gate,
        PackedMatrix up,
        Activations.Gate activation,
        Bf16Rows x,
        int slice,
        int from,
        int to,
        Bf16Rows out) {
      weights = expand(gate, slice, weights);
      more = expand(up, slice, more);
      int width = Math.min(SLICE, gate.rows() - slice * SLICE);
      for (int r = from, rows; r < to; r += rows) {
        rows = rowsAtOnce(to - r);
        product(x, r, rows, weights, first);
        product(x, r, rows, more, second);
        MemorySegment.copy(first, ValueLayout.JAVA_FLOAT, 0, gates, 0, rows * SLICE);
        MemorySegment.copy(second, ValueLayout.JAVA_FLOAT, 0, ups, 0, rows * SLICE);
        activation.apply(gates, 0, ups, 0, gates, 0, rows * SLICE);
        for (int t = 0; t < rows; t++) {
          out.set(r + t, slice * SLICE, gates, t * SLICE, width);
        }
      }
    }

    private static int rowsAtOnce(int left) {
      return left >= BATCH ? BATCH : Math.min(BLOCK, left);
    }

    /** Rows r to r + rows - 1 of x, no more than come at once, times a slice of weights. */
    private void product(Bf16Rows x, int r, int rows, MemorySegment b, MemorySegment c) {
      int m = rows < BLOCK ? TAIL : rows;
      Bf16Matmul matmul = matmuls.get(m, x.cols());
      for (int t = 0; t < rows; t += m) {
        matmul.run(x.address(r + t), b.address(), c.address() + 4L * t * SLICE);
      }
      Reference.reachabilityFence(x);
    }

    private MemorySegment expand(PackedMatrix w, int slice, MemorySegment old) {
      long bytes = Bf16Pairs.bytes(w.cols());
      MemorySegment into = old.byteSize() < bytes ? Arena.ofAuto().allocate(bytes, 64) : old;
      w.expand(slice * SLICE, into, workers.scratch(thread, PackedMatrix.EXPAND_SCRATCH));
      return into;
    }
  }
}
