package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans nobody would write, from fixed seeds; the seed is the test's name. */
class RandomPlansTest {
  private static final int PLANS = 400;
  private static final List<String> SNIPPETS =
      List.of(
          "snapkv",
          "knorm",
          "q8",
          "kivi",
          "k",
          "v",
          "layers",
          "keep",
          "every",
          "protect",
          "pool",
          "bits",
          "(",
          ")",
          "=",
          ",",
          "|",
          ":",
          "-",
          "%",
          "25%",
          "64MB",
          "0",
          "1",
          "2",
          "0.5",
          " ",
          "\n",
          "\u0000",
          "\u202e",
          "\ud800",
          "99999999999999999999");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void plansReadBackAsThemselvesWhateverTheOrderOfParts(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < PLANS; i++) {
      List<String> parts = parts(random);
      KvPlan plan = KvPlan.parse(String.join("|", parts));
      assertThat(KvPlan.parse(plan.toString())).isEqualTo(plan).hasToString(plan.toString());
      Collections.shuffle(parts, random);
      assertThat(KvPlan.parse(String.join(" | ", parts))).isEqualTo(plan);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void nonsenseIsReadOrRefusedInOneSentence(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 10 * PLANS; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(SNIPPETS.get(random.nextInt(SNIPPETS.size())));
      }
      PlanFuzz.parse(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void plansWithOneWrongCharacterAreReadOrRefusedInOneSentence(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 10 * PLANS; i++) {
      StringBuilder text = new StringBuilder(String.join(" | ", parts(random)));
      text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(96)));
      PlanFuzz.parse(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> parts(RandomGenerator random) {
    List<String> parts = new ArrayList<>();
    if (random.nextBoolean()) {
      parts.add(scorer(random));
      if (random.nextBoolean()) {
        parts.add("pyramidkv(beta=" + (1 + random.nextInt(1000) / 10.0) + ")");
      }
      if (random.nextBoolean()) {
        parts.add("protect(sinks=%d,recent=%d)".formatted(random.nextInt(9), random.nextInt(999)));
      }
    }
    switch (random.nextInt(4)) {
      case 0 -> parts.add(codec(random));
      case 1 -> parts.add("k:" + codec(random));
      case 2 -> parts.add("v:" + codec(random));
      default -> {
        parts.add("k:" + codec(random));
        parts.add("v:" + codec(random));
      }
    }
    for (int layer = 0; random.nextBoolean(); layer += 5) {
      parts.add("layers=%d-%d:%s".formatted(layer, layer + random.nextInt(5), codec(random)));
    }
    return parts;
  }

  private static String scorer(RandomGenerator random) {
    String keep =
        switch (random.nextInt(3)) {
          case 0 -> (1 + random.nextInt(1000)) / 10.0 + "%";
          case 1 -> Integer.toString(1 + random.nextInt(5000));
          default -> 1 + random.nextInt(5000) + (random.nextBoolean() ? "KB" : "MB");
        };
    String every = random.nextBoolean() ? "" : ",every=" + (1 + random.nextInt(99));
    String params =
        switch (random.nextInt(4)) {
          case 0 -> "snapkv(window=%d,kernel=%d,".formatted(1 + random.nextInt(99), odd(random));
          case 1 -> "h2o(recent=%s%%,".formatted(random.nextInt(1001) / 10.0);
          case 2 -> "random(seed=%d,".formatted(random.nextLong(Long.MAX_VALUE));
          default -> "streaming-llm(";
        };
    return params + "keep=" + keep + every + ")";
  }

  private static int odd(RandomGenerator random) {
    return 1 + 2 * random.nextInt(10);
  }

  private static String codec(RandomGenerator random) {
    return List.of("f32", "f16", "q8", "q4", "kivi(bits=4)", "kivi").get(random.nextInt(6));
  }
}
