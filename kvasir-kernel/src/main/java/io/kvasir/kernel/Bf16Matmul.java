package io.kvasir.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code c[i][j] (+)= sum over p of a[i][p] * b[p][j]}, a and b in bf16, sums and c in f32, by
 * oneDNN on the calling thread alone. Memory is native; a call allocates nothing.
 *
 * <p>A row of c has the same bits whatever m is and wherever in a it lies, as long as m is at least
 * 2: one row alone would be summed in another order.
 *
 * <p>Creating one takes about a millisecond the first time, and each holds some kilobytes: make it
 * once for a shape and a thread. Not thread-safe, but any thread may use it.
 */
public final class Bf16Matmul {
  private static final int BF16 = 2;
  private static final int F32 = 3;
  private static final int CPU = 1;
  private static final int SCRATCHPAD_OF_USER = 1;
  private static final int SCRATCHPAD_OF_PRIMITIVE = 136;

  /** dnnl_BA16a64b2a. */
  private static final int PAIRS_OF_ROWS = 384;

  private static final int SOURCE = 1;
  private static final int DESTINATION = 17;
  private static final int WEIGHTS = 33;
  private static final int SCRATCHPAD = 80;
  private static final int ARGUMENT_BYTES = 16;
  private static final int ARGUMENTS = 4;

  /** How b lies in memory. */
  public enum Right {
    /** {@code b[p][j]} at {@code p * stride + j}. */
    ROWS,
    /** {@code b[p][j]} at {@code j * stride + p}: rows of the transposed matrix. */
    COLUMNS,
    /**
     * As the processor reads it, the fastest: two rows interleaved, 64 columns side by side. With k
     * rounded up to 32 and n to 64, zeros beyond: {@code b[p][j]} at {@code (j / 64) * 64 * k + (p
     * / 2) * 128 + (j % 64) * 2 + p % 2}. Has no stride.
     */
    PAIRS
  }

  /**
   * Sizes and strides, in elements.
   *
   * @param m rows of a and c, at least 2
   * @param n columns of b and c
   * @param k columns of a, rows of b
   * @param aStride between rows of a, at least k
   * @param right how b lies in memory
   * @param bStride see {@link Right}; not looked at for {@link Right#PAIRS}
   * @param cStride between rows of c, at least n
   * @param adds whether c is added to; else it is overwritten
   */
  public record Shape(
      int m, int n, int k, int aStride, Right right, int bStride, int cStride, boolean adds) {
    public Shape {
      if (m < 2 || n < 1 || k < 1 || aStride < k || cStride < n || !fits(right, bStride, n, k)) {
        throw new IllegalArgumentException(
            ("m=%d must be at least 2, n=%d and k=%d at least 1, the strides of a (%d), b (%d, %s) and"
                    + " c (%d) no shorter than what lies in them")
                .formatted(m, n, k, aStride, bStride, right, cStride));
      }
    }

    private static boolean fits(Right right, int stride, int n, int k) {
      return switch (right) {
        case ROWS -> stride >= n;
        case COLUMNS -> stride >= k;
        case PAIRS -> true;
      };
    }
  }

  /** Engine and stream of the process: descriptions without state on a processor. */
  private static final class Process {
    static final long ENGINE = OneDnnApi.create("dnnl_engine_create", CPU, 0);
    static final long STREAM = OneDnnApi.create("dnnl_stream_create", ENGINE, 0);
  }

  private final Shape shape;
  private final long primitive;
  private final long a;
  private final long b;
  private final long c;
  private final MemorySegment arguments;

  /**
   * Prepares products of one shape.
   *
   * @param arena how long it may be used; must not be confined to another thread than the users'
   * @throws IllegalStateException if oneDNN is not {@link OneDnn#available()} or refuses the shape
   */
  public Bf16Matmul(Shape shape, Arena arena) {
    if (!OneDnn.available()) {
      throw new IllegalStateException("no oneDNN: " + OneDnn.refusal().orElseThrow());
    }
    this.shape = shape;
    this.arguments = arena.allocate((long) ARGUMENTS * ARGUMENT_BYTES, Long.BYTES);
    try (Arena meanwhile = Arena.ofConfined()) {
      long left = strided(shape.m(), shape.k(), BF16, shape.aStride(), 1, meanwhile);
      long right = right(shape, meanwhile);
      long result = strided(shape.m(), shape.n(), F32, shape.cStride(), 1, meanwhile);
      long attributes = attributes(shape.adds(), meanwhile);
      long description =
          owned(
              OneDnnApi.create(
                  "dnnl_matmul_primitive_desc_create",
                  Process.ENGINE,
                  left,
                  right,
                  0,
                  result,
                  attributes),
              "dnnl_primitive_desc_destroy",
              meanwhile);
      primitive =
          owned(
              OneDnnApi.create("dnnl_primitive_create", description),
              "dnnl_primitive_destroy",
              arena);
      a = argument(0, SOURCE, left, 0, arena);
      b = argument(1, WEIGHTS, right, 0, arena);
      c = argument(2, DESTINATION, result, 0, arena);
      long scratchpad =
          OneDnnApi.get("dnnl_primitive_desc_query_md", description, SCRATCHPAD_OF_PRIMITIVE, 0);
      long bytes = OneDnnApi.get("dnnl_memory_desc_get_size", scratchpad);
      argument(3, SCRATCHPAD, scratchpad, arena.allocate(Math.max(bytes, 1), 64).address(), arena);
    }
  }

  /** What it was made for. */
  public Shape shape() {
    return shape;
  }

  /**
   * The product. Each address is that of element [0][0]; nobody checks what lies behind, so the
   * caller holds segments that are long enough and alive.
   *
   * @param aAddress bf16 [m][k]
   * @param bAddress bf16 [k][n]
   * @param cAddress f32 [m][n]
   */
  public void run(long aAddress, long bAddress, long cAddress) {
    OneDnnApi.setHandle(a, aAddress);
    OneDnnApi.setHandle(b, bAddress);
    OneDnnApi.setHandle(c, cAddress);
    OneDnnApi.execute(primitive, Process.STREAM, ARGUMENTS, arguments.address());
  }

  private static long right(Shape shape, Arena arena) {
    return switch (shape.right()) {
      case ROWS -> strided(shape.k(), shape.n(), BF16, shape.bStride(), 1, arena);
      case COLUMNS -> strided(shape.k(), shape.n(), BF16, 1, shape.bStride(), arena);
      case PAIRS -> {
        long sizes = arena.allocateFrom(JAVA_LONG, shape.k(), shape.n()).address();
        yield described("dnnl_memory_desc_create_with_tag", sizes, BF16, PAIRS_OF_ROWS, arena);
      }
    };
  }

  private static long strided(
      int rows, int cols, int type, int rowStride, int colStride, Arena arena) {
    long sizes = arena.allocateFrom(JAVA_LONG, rows, cols).address();
    long strides = arena.allocateFrom(JAVA_LONG, rowStride, colStride).address();
    return described("dnnl_memory_desc_create_with_strides", sizes, type, strides, arena);
  }

  private static long described(
      String function, long sizes, int type, long tagOrStrides, Arena arena) {
    return owned(
        OneDnnApi.create(function, 2, sizes, type, tagOrStrides),
        "dnnl_memory_desc_destroy",
        arena);
  }

  /** Scratch memory is ours, so that a call allocates none. */
  private static long attributes(boolean adds, Arena arena) {
    long attributes =
        owned(OneDnnApi.create("dnnl_primitive_attr_create"), "dnnl_primitive_attr_destroy", arena);
    OneDnnApi.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, SCRATCHPAD_OF_USER);
    if (adds) {
      long postOps =
          owned(OneDnnApi.create("dnnl_post_ops_create"), "dnnl_post_ops_destroy", arena);
      OneDnnApi.appendSum(postOps);
      OneDnnApi.call("dnnl_primitive_attr_set_post_ops", attributes, postOps);
    }
    return attributes;
  }

  /** Argument i of the primitive: a memory object, which is returned. */
  private long argument(int i, int name, long description, long address, Arena arena) {
    long memory =
        owned(
            OneDnnApi.create("dnnl_memory_create", description, Process.ENGINE, address),
            "dnnl_memory_destroy",
            arena);
    arguments.set(JAVA_INT, (long) i * ARGUMENT_BYTES, name);
    arguments.set(JAVA_LONG, (long) i * ARGUMENT_BYTES + Long.BYTES, memory);
    return memory;
  }

  /** The same pointer, destroyed when the arena closes. */
  private static long owned(long pointer, String destroy, Arena arena) {
    return MemorySegment.ofAddress(pointer)
        .reinterpret(arena, segment -> OneDnnApi.call(destroy, segment.address()))
        .address();
  }
}
