package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.Models;
import io.kvasir.engine.References;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which pairs of a real document stay, against the decisions of NVIDIA KVPress in every head. */
@Tag("model")
class KvPressTest {
  private static final Map<String, String> PLANS =
      Map.of(
          "SnapKVPress", "snapkv(keep=%d,window=64,kernel=5,pool=mean) | f32",
          "StreamingLLMPress", "streaming-llm(keep=%d,sinks=4) | f32",
          "KnormPress", "knorm(keep=%d) | f32",
          "KeyDiffPress", "keydiff(keep=%d) | f32",
          "ExpectedAttentionPress", "expected-attention(keep=%d,future=512,sinks=4) | f32",
          "KVzipPress", "kvzip(keep=%2$d%%,chunk=2048) | f32",
          "KVzipPress-chunk512", "kvzip(keep=%2$d%%,chunk=512) | f32",
          "LagKVPress", "lagkv(keep=%d,lag=128,sinks=4,among=partition) | f32",
          "LagKVPress-cross", "lagkv(keep=%d,lag=128,sinks=4,among=all) | f32",
          "PyramidKVPress-w8", "snapkv(keep=%2$d%%,window=8,kernel=5,pool=mean) | pyramidkv | f32");

  /** Recorded on one model only. */
  private static final Set<String> ON_SMOLLM2 = Set.of("LagKVPress-cross", "KVzipPress-chunk512");

  @ParameterizedTest
  @CsvSource({
    "smollm2-135m-instruct, smollm2-135m-instruct-q4_1",
    "qwen2.5-coder-0.5b-instruct, qwen2.5-coder-0.5b-instruct-q4_k_m"
  })
  void theSamePairsStay(String name, String recorded) {
    JsonNode context = read(recorded, "context");
    int[] ids = ints(context.get("token_ids"));
    try (TestModel model = TestModel.open(Models.require(name), 2)) {
      Map<KvCache, JsonNode> runs = new LinkedHashMap<>();
      PLANS.forEach(
          (press, plan) -> {
            if (ON_SMOLLM2.contains(press) && !recorded.startsWith("smollm2")) {
              return; // recorded on one model only
            }
            for (JsonNode run : read(recorded, press).get("runs")) {
              int keep = run.get("kept_per_head").get(0).get(0).asInt();
              double removed = run.get("params").get("compression_ratio").asDouble();
              runs.put(model.cache(plan.formatted(keep, Math.round(100 - 100 * removed))), run);
            }
          });
      try {
        checkLogits(model, new ArrayList<>(runs.keySet()), ids, tokenizer(name), context);
        runs.forEach((cache, run) -> checkKept(cache, run));
      } finally {
        runs.keySet().forEach(KvCache::close);
      }
    }
  }

  /** One prefill fills all caches; where its logits differ, comparing what stays would be idle. */
  private static void checkLogits(
      TestModel model, List<KvCache> caches, int[] ids, Tokenizer tokenizer, JsonNode context) {
    JsonNode expected = context.get("last_logits");
    LogitSink last =
        new LogitSink() {
          @Override
          public boolean wants(int input, int row) {
            return row == ids.length - 1;
          }

          @Override
          public void accept(int input, int row, float[] logits, int at) {
            for (int i = 0; i < expected.get("ids").size(); i++) {
              assertThat((double) logits[at + expected.get("ids").get(i).asInt()])
                  .isCloseTo(expected.get("values").get(i).asDouble(), within(1e-3));
            }
          }
        };
    List<KvPlan> plans = caches.stream().map(KvCache::plan).toList();
    model.transformer.prefill(caches, ids, replays(plans, ids, tokenizer), last, PassListener.NONE);
  }

  private static Tokenizer tokenizer(String name) {
    try (GgufFile file = GgufFile.open(Models.require(name))) {
      return Tokenizer.from(file.metadata());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "smollm2-135m-instruct, smollm2-135m-instruct-q4_1, KVzipPress, 2048",
    "smollm2-135m-instruct, smollm2-135m-instruct-q4_1, KVzipPress-chunk512, 512",
    "qwen2.5-coder-0.5b-instruct, qwen2.5-coder-0.5b-instruct-q4_k_m, KVzipPress, 2048"
  })
  void thePromptIsReplayedInTheSameTokens(String name, String recorded, String press, int chunk) {
    int[] ids = ints(read(recorded, "context").get("token_ids"));
    Tokenizer tokenizer = tokenizer(name);
    KvPlan plan = KvPlan.parse("kvzip(keep=25%,chunk=" + chunk + ")");
    List<Replays.Chunk> chunks =
        replays(List.of(plan), ids, tokenizer).chunks(plan.signals().replay().orElseThrow());
    JsonNode expected = read(recorded, press).get("replay");
    assertThat(chunks).hasSize(expected.size());
    for (int i = 0; i < chunks.size(); i++) {
      assertThat(chunks.get(i).ids()).isEqualTo(ints(expected.get(i).get("input_ids")));
      assertThat(chunks.get(i).to() - chunks.get(i).from())
          .isEqualTo(expected.get(i).get("scored_tokens").asInt());
    }
  }

  private static Replays replays(List<KvPlan> plans, int[] ids, Tokenizer tokenizer) {
    return Replays.of(plans, ids, 8192, text -> tokenizer.encode(text, false, false));
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  /**
   * The mean over all heads of |both| / |either|. In Knorm's first layer a token has nearly the
   * same norm wherever it stands, so rounding chooses among equal tokens.
   */
  private static void checkKept(KvCache cache, JsonNode run) {
    double sum = 0;
    int heads = 0;
    for (int l = 0; l < cache.shape().layers().size(); l++) {
      for (int g = 0; g < cache.shape().layer(l).kvHeads(); g++) {
        sum += jaccard(cache.positions(l, g), bits(run.get("kept").get(l).get(g)), ties(run, l, g));
        heads++;
      }
    }
    String plan = cache.plan().toString();
    double least = plan.startsWith("knorm") || plan.startsWith("kvzip") ? 0.998 : 1;
    assertThat(sum / heads).as("%s", cache.plan()).isGreaterThanOrEqualTo(least);
  }

  private static double jaccard(int[] kept, BitSet expected, BitSet ties) {
    BitSet both = new BitSet();
    Arrays.stream(kept).forEach(both::set);
    both.andNot(ties);
    expected.andNot(ties);
    BitSet either = (BitSet) both.clone();
    either.or(expected);
    both.and(expected);
    return (double) both.cardinality() / either.cardinality();
  }

  /** Positions whose score equals the cut exactly: which of them stay is an accident. */
  private static BitSet ties(JsonNode run, int layer, int head) {
    BitSet ties = new BitSet();
    for (JsonNode tie : run.get("ties")) {
      if (tie.get(0).asInt() == layer && tie.get(1).asInt() == head) {
        ties.or(bits(tie.get(3)));
      }
    }
    return ties;
  }

  private static BitSet bits(JsonNode base64) {
    return BitSet.valueOf(Base64.getDecoder().decode(base64.asString()));
  }

  private static JsonNode read(String model, String name) {
    return new JsonMapper()
        .readTree(References.require("kvpress/%s/%s.json".formatted(model, name)).toFile());
  }
}
