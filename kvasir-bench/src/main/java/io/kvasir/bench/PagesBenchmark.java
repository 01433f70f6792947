package io.kvasir.bench;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kernel.Pages;
import io.kvasir.kernel.PagesRef;
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

/** Attention of some queries on one page of 64 rows of 64 channels, beside its scalar twin. */
@NullUnmarked // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class PagesBenchmark {
  private static final int DIM = 64;

  @Param({"F32", "F16", "I8"})
  public PageLayout.Code code;

  @Param({"1", "3", "7"})
  public int queries;

  private final Arena arena = Arena.ofShared();
  private PageLayout layout;
  private MemorySegment page;
  private float[] q;
  private float[] scores;
  private float[] sums;

  /** Pages of zeros take as long as any others. */
  @Setup(Level.Trial)
  public void fill() {
    PageLayout.Side side =
        code == PageLayout.Code.I8 ? PageLayout.Side.SCALE : PageLayout.Side.NONE;
    layout = new PageLayout(code, side, DIM, DIM);
    page = arena.allocate(layout.bytes(), 64);
    q = new float[queries * DIM];
    Arrays.fill(q, 0.5f);
    scores = new float[queries * PageLayout.SLOTS];
    sums = new float[queries * DIM];
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] scores() {
    Pages.scores(layout, q, queries, page, PageLayout.SLOTS, scores);
    return scores;
  }

  @Benchmark
  public float[] accumulate() {
    Pages.accumulate(layout, scores, queries, page, PageLayout.SLOTS, sums);
    return sums;
  }

  /** The definition of {@link #scores}, for each query. */
  @Benchmark
  public float[] scalarScores() {
    for (int i = 0; i < queries; i++) {
      PagesRef.scores(layout, q, page, PageLayout.SLOTS, scores);
    }
    return scores;
  }
}
