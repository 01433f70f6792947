package io.kvasir.bench;

import io.kvasir.kernel.ByteRows;
import io.kvasir.kernel.DequantRef;
import io.kvasir.kernel.PackedMatrix;
import io.kvasir.kernel.Products;
import io.kvasir.kernel.TensorType;
import io.kvasir.kernel.Workers;
import io.kvasir.kernel.probe.ReadBandwidth;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Products with a packed matrix [{@value #ROWS}][{@value #COLS}] on one thread, beside their scalar
 * twin and beside their limit: reading the packed bytes once and doing nothing else.
 */
@NullUnmarked // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xmx1g"
    })
public class ProductsBenchmark {
  static final int ROWS = 4096;
  static final int COLS = 1024;

  @Param({"Q4_0", "Q4_K", "Q6_K", "Q8_0"})
  public TensorType type;

  @Param({"1", "8"})
  public int tokens;

  private final Arena arena = Arena.ofShared();
  private final Workers workers = new Workers(1);
  private final float[] row = new float[COLS];
  private MemorySegment source;
  private MemorySegment packed;
  private Products products;
  private final ByteRows bytes = new ByteRows();
  private float[] x;
  private float[] y;

  /** Weights of zero take as long as any others. */
  @Setup(Level.Trial)
  public void pack() {
    long blocks = (long) ROWS * (COLS / type.blockElements());
    source = arena.allocate(blocks * type.blockBytes(), 64);
    PackedMatrix matrix = PackedMatrix.pack(type, source, ROWS, COLS, arena, workers);
    products = new Products(matrix);
    packed = arena.allocate(matrix.bytes() / ReadBandwidth.BLOCK * ReadBandwidth.BLOCK, 64);
    x = new float[tokens * COLS];
    Arrays.fill(x, 0.5f);
    y = new float[tokens * ROWS];
  }

  @TearDown(Level.Trial)
  public void free() {
    workers.close();
    arena.close();
  }

  /** In f32. */
  @Benchmark
  public float[] f32() {
    products.multiply(x, tokens, workers, y);
    return y;
  }

  /** With activations of 8 bits. */
  @Benchmark
  public float[] int8() {
    products.multiply(x, tokens, bytes, workers, y);
    return y;
  }

  /** The definition: a weight after the other. */
  @Benchmark
  public float[] scalar() {
    long rowBytes = (long) (COLS / type.blockElements()) * type.blockBytes();
    for (int r = 0; r < ROWS; r++) {
      DequantRef.row(type, source, r * rowBytes, COLS, row);
      for (int t = 0; t < tokens; t++) {
        float sum = 0;
        for (int c = 0; c < COLS; c++) {
          sum = Math.fma(row[c], x[t * COLS + c], sum);
        }
        y[t * ROWS + r] = sum;
      }
    }
    return y;
  }

  /** The limit. */
  @Benchmark
  public long reading() {
    return ReadBandwidth.sum(packed);
  }
}
