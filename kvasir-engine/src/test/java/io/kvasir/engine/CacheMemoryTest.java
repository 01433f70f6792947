package io.kvasir.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.engine.fit.Fit;
import io.kvasir.engine.fit.ProcessMemory;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.KvPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What caches of a real model take for 8192 tokens, in a JVM with -Xmx512m: what they say they
 * hold, what {@link Fit} foretold, and what the system counts as resident. The heap is touched
 * beforehand, so that only what lies outside of it can grow.
 */
@Tag("model")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CacheMemoryTest {
  private static final int TOKENS = 8192;
  private static final List<String> PLANS = List.of("f16", "q8", "q4", "kivi(bits=2)");

  /** The most that the pool takes from the system at once. */
  private static final long SLAB = 1 << 21;

  /** What the JVM itself takes beside its heap while it runs: compiled code, classes, stacks. */
  private static final long JVM_ITSELF = 80_000_000;

  private Map<String, Long> measured = Map.of();

  /** Runs in that JVM; prints {@code name value} lines. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      int tokens = Integer.parseInt(args[1]);
      try (ModelFile file = ModelFile.open(Path.of(args[0]))) {
        file.tokenizer();
        long before = resident();
        long[] most = {before};
        try (Model model = file.load(ModelOptions.DEFAULT)) {
          List<Sequence> sequences = new ArrayList<>();
          PLANS.forEach(plan -> sequences.add(model.sequence(KvPlan.parse(plan))));
          int[] ids = new Random(1).ints(tokens, 0, model.config().vocabularySize()).toArray();
          model.read(sequences, ids, (done, all) -> most[0] = Math.max(most[0], resident()));
          System.out.println("weights " + model.weightBytes());
          System.out.println("grown " + (most[0] - before));
          System.out.println("pool " + model.pool().usedBytes());
          System.out.println("reserved " + model.pool().reservedBytes());
          for (int i = 0; i < PLANS.size(); i++) {
            long full = resident();
            System.out.println("bytes." + PLANS.get(i) + " " + sequences.get(i).cache().bytes());
            sequences.get(i).close();
            System.out.println("freed." + PLANS.get(i) + " " + (full - resident()));
          }
        }
      }
    }

    private static long resident() {
      return ProcessMemory.now().map(ProcessMemory::anonymous).orElse(0L);
    }
  }

  @BeforeAll
  void readThePromptOnce() throws Exception {
    assumeTrue(ProcessMemory.now().isPresent(), "this system does not tell what is resident");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-Xms512m",
            "-XX:+AlwaysPreTouch",
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName(),
            Models.require("smollm2-135m-instruct").toString(),
            Integer.toString(TOKENS));
    builder.environment().put("MALLOC_MMAP_THRESHOLD_", "131072"); // as the launcher does
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    measured = new TreeMap<>();
    out.lines()
        .map(line -> line.split(" "))
        .forEach(line -> measured.put(line[0], Long.parseLong(line[1])));
  }

  @Test
  void f16Costs23040BytesAToken() {
    assertThat(bytes("f16")).isEqualTo(23_040L * TOKENS);
  }

  @Test
  void codedPlansCostTheirShareWithPageSlackAndWindows() {
    assertThat(share("q8")).isCloseTo(0.5, within(0.02));
    assertThat(share("q4")).isCloseTo(0.28, within(0.005));
    assertThat(share("kivi(bits=2)")).isLessThan(0.2);
  }

  @Test
  void cachesHoldExactlyWhatWasForetold() throws Exception {
    try (ModelFile file = ModelFile.open(Models.require("smollm2-135m-instruct"))) {
      long all = 0;
      for (String plan : PLANS) {
        Fit fit = Fit.of(file.config(), value("weights"), KvPlan.parse(plan), TOKENS);
        assertThat(bytes(plan)).as(plan).isEqualTo(fit.cache());
        all += bytes(plan);
      }
      assertThat(value("pool")).isEqualTo(all);
      // Of a plan's keys, and of its values, one slab may have free pages.
      assertThat(value("reserved")).isBetween(all, all + 2 * PLANS.size() * SLAB);
    }
  }

  @Test
  void theProcessGrowsByWhatWasForetold() {
    try (ModelFile file = ModelFile.open(Models.require("smollm2-135m-instruct"))) {
      long foretold =
          value("weights")
              + value("pool")
              + Footprint.rawLayerBytes(file.config().kvShape(), TOKENS);
      assertThat(value("grown")).isBetween(foretold, foretold + JVM_ITSELF);
    }
  }

  @Test
  void aClosedCacheLeavesTheProcess() {
    for (String plan : PLANS) {
      long freed = value("freed." + plan);
      assertThat((double) freed).as(plan).isCloseTo(bytes(plan), within(0.05 * bytes(plan) + 2e6));
    }
  }

  private double share(String plan) {
    return (double) bytes(plan) / bytes("f16");
  }

  private long bytes(String plan) {
    return value("bytes." + plan);
  }

  private long value(String name) {
    assertThat(measured).containsKey(name);
    return measured.getOrDefault(name, 0L);
  }
}
