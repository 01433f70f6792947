package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiled kernels must not box vectors: one that does runs ten times slower and allocates
 * megabytes a call, where views and batch records take a few hundred bytes.
 */
@Tag("slow")
class AllocationTest {
  private static final int ROUNDS = 3000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int BYTES_PER_CALL = 2000;
  private static final int DIM = 128;
  private static final float[] IN = Blocks.floats(7 * DIM, 1);

  private final float[] out = new float[7 * DIM];

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productsAllocateNothingOnceCompiled(TensorType type) {
    try (Workers workers = new Workers(1);
        Arena arena = Arena.ofShared()) {
      MemorySegment source = Blocks.random(type, 128, 768, 1);
      PackedMatrix matrix = PackedMatrix.pack(type, source, 128, 768, arena, workers);
      float[] x = Blocks.floats(9 * 768, 1);
      float[] y = new float[9 * 128];
      assertThat(leastBytesPerCall(() -> matrix.multiply(x, 1, y, workers)))
          .as("%s, one token", type)
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> matrix.multiply(x, 9, y, workers)))
          .as("%s, nine tokens", type)
          .isLessThan(BYTES_PER_CALL);
      Products products = new Products(matrix);
      ByteRows rounded = new ByteRows();
      assertThat(leastBytesPerCall(() -> products.multiply(x, 1, rounded, workers, y)))
          .as("%s, one token rounded", type)
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> products.multiply(x, 2, rounded, workers, y)))
          .as("%s, two tokens rounded", type)
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> products.multiply(x, 9, rounded, workers, y)))
          .as("%s, nine tokens rounded", type)
          .isLessThan(BYTES_PER_CALL);
    }
  }

  /** Not even one box: a step rounds thousands of blocks. */
  @Test
  void roundingAllocatesNothingAtAllOnceCompiled() {
    ByteRows rows = new ByteRows();
    rows.reserve(2, DIM);
    assertThat(leastBytesPerCall(() -> rows.round(1, IN, DIM), 1)).isZero();
    rows.reserve(1, DIM);
    assertThat(leastBytesPerCall(() -> rows.round(0, IN, DIM), 1)).isZero();
  }

  @Test
  void softmaxAllocatesNothingOnceCompiled() {
    assertThat(leastBytesPerCall(() -> Exp.softmax(out, 0, out.length, 0)))
        .isLessThan(BYTES_PER_CALL);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void scoresAllocateNothingOnceCompiled(PageLayout layout) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment page = arena.allocate(layout.bytes(), 64);
      assertThat(leastBytesPerCall(() -> Pages.scores(layout, IN, 7, page, 64, out)))
          .isLessThan(BYTES_PER_CALL);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void sumsAllocateNothingOnceCompiled(PageLayout layout) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment page = arena.allocate(layout.bytes(), 64);
      assertThat(leastBytesPerCall(() -> Pages.accumulate(layout, IN, 7, page, 64, out)))
          .isLessThan(BYTES_PER_CALL);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void sumsOfGroupsAllocateNothingOnceCompiled(int bits) {
    PageGroups groups = PageGroups.keys(bits, DIM, 32);
    GroupSums sums = new GroupSums();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment page = arena.allocate(groups.bytes(), 64);
      assertThat(leastBytesPerCall(() -> groups.add(IN, 7, page, DIM, 64, out)))
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> sums.add(groups, IN, 7, page, DIM, 64, out)))
          .as("rounded")
          .isLessThan(BYTES_PER_CALL);
      LowRankSums error = new LowRankSums(DIM, 64, 4);
      error.rank(4);
      assertThat(
              leastBytesPerCall(
                  () -> {
                    error.right(page, 0);
                    error.add(IN, 3, out);
                  }))
          .as("of low rank")
          .isLessThan(BYTES_PER_CALL);
    }
  }

  @Test
  void decodingAPageAllocatesNothingOnceCompiled() {
    float[] decoded = new float[64 * DIM];
    float[] atoms = Blocks.floats(100 * DIM, 2);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment page = arena.allocate(4L * 64 * DIM, 64);
      MemorySegment room = arena.allocate(4L * 64 * DIM, 64);
      assertThat(leastBytesPerCall(() -> PageGroups.keys(2, DIM, 64).numbers(page, decoded)))
          .as("codes")
          .isLessThan(BYTES_PER_CALL);
      float[] levels = CodeRuns.repeated(IN);
      assertThat(
              leastBytesPerCall(
                  () -> CodeRuns.levels(page, 0, 24, 3, 64, 64, levels, IN, IN, 0, room, 0, 64)))
          .as("levels")
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> Entries.addLanes(page, 0, 64, 2, 64, 64, 64, 1, room)))
          .as("extreme numbers")
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> ScaledHalves.rows(page, 0, DIM, room)))
          .as("lengths")
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> AtomSums.rows(page, 64, 8, atoms, atoms, DIM, decoded)))
          .as("atoms")
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> FloatTile.multiplyAdd(IN, 64, 3, 64, room, decoded, 64)))
          .as("three rows")
          .isLessThan(BYTES_PER_CALL);
      assertThat(leastBytesPerCall(() -> HadamardColumns.turn(room, DIM, 64)))
          .as("Hadamard transform")
          .isLessThan(BYTES_PER_CALL);
      int[] places = new int[DIM];
      assertThat(
              leastBytesPerCall(
                  () -> CodeRuns.columns(page, 0, 2, places, 0, 64, DIM, IN, IN, room)))
          .as("runs of codes")
          .isLessThan(BYTES_PER_CALL);
      Rotary rotary = new Rotary(Rotary.Pairs.HALVES, DIM, 10_000, new float[0], 1, 64);
      Turns turns = rotary.pairs(rotary.turns(0));
      assertThat(leastBytesPerCall(() -> TurnedTile.multiplyAdd(IN, DIM, 3, room, turns, decoded)))
          .as("keys that turn")
          .isLessThan(BYTES_PER_CALL);
    }
  }

  static Stream<PageLayout> keys() {
    return PagesTest.keys().filter(layout -> layout.dim() == DIM);
  }

  static Stream<PageLayout> values() {
    return PagesTest.values().filter(layout -> layout.dim() == DIM);
  }

  private static long leastBytesPerCall(Runnable call) {
    return leastBytesPerCall(call, BYTES_PER_CALL);
  }

  /** The best of rounds, for as long as the compiler may take on a busy machine. */
  private static long leastBytesPerCall(Runnable call, long enough) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (int round = 0; least >= enough && (round < ROUNDS || System.nanoTime() < end); round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10; i++) {
        call.run();
      }
      least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 10);
    }
    return least;
  }
}
