package io.kvasir.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Models;
import io.kvasir.engine.References;
import io.kvasir.kv.KvCache;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Logits of real models against those that transformers on torch computes in f32 from the same
 * dequantised weights.
 */
@Tag("model")
class ReferenceLogitsTest {
  /** Of the logits' standard deviation; two f32 engines differ by some 4e-5. */
  private static final double BOUND = 2e-4;

  /** Below this distance between the best two logits, rounding may choose. */
  private static final double CLOSE = 0.05;

  @ParameterizedTest
  @CsvSource({
    "smollm2-135m-instruct, smollm2-135m-instruct-q4_1",
    "gemma-3-270m, gemma-3-270m-q4_k_m",
    "qwen2.5-coder-0.5b-instruct, qwen2.5-coder-0.5b-instruct-q4_k_m"
  })
  void logitsAgree(String name, String recorded) {
    JsonNode reference =
        new JsonMapper().readTree(References.require("logits/" + recorded + ".json").toFile());
    try (TestModel model = TestModel.open(Models.require(name), 2)) {
      for (JsonNode prompt : reference.get("prompts")) {
        check(model, prompt);
      }
    }
  }

  private static void check(TestModel model, JsonNode prompt) {
    int[] ids = ints(prompt.get("ids"));
    double std = prompt.get("logit_std").asDouble();
    try (KvCache cache = model.cache("f32")) {
      Recorder recorder = new Recorder(ids, model.config.vocabularySize());
      model.transformer.prefill(List.of(cache), ids, recorder, PassListener.NONE);
      for (int t = 0; t + 1 < ids.length; t++) {
        double expected = prompt.get("nll").get(t).asDouble();
        assertThat(recorder.nll[t] - expected)
            .as("nll of token %d", t + 1)
            .isBetween(-BOUND * std - 1e-5, BOUND * std + 1e-5); // recorded with five decimals
      }
      float[] last = recorder.last;
      for (int i = 0; i < prompt.get("top_ids").size(); i++) {
        int id = prompt.get("top_ids").get(i).asInt();
        assertThat((last[id] - prompt.get("top_logits").get(i).asDouble()) / std)
            .as("logit of token %d", id)
            .isBetween(-BOUND, BOUND);
      }
      for (int i = 0; i < prompt.get("greedy").size(); i++) {
        int expected = prompt.get("greedy").get(i).asInt();
        if (prompt.get("greedy_margin").get(i).asDouble() < CLOSE && best(last) != expected) {
          break;
        }
        assertThat(best(last)).as("greedy token %d", i).isEqualTo(expected);
        last = model.forward(cache, expected)[0];
      }
    }
  }

  /** Keeps of each row what is compared: a row of Gemma has a megabyte. */
  private static final class Recorder implements LogitSink {
    private final int[] ids;
    private final int vocabulary;
    final double[] nll;
    float[] last = {};

    Recorder(int[] ids, int vocabulary) {
      this.ids = ids;
      this.vocabulary = vocabulary;
      this.nll = new double[ids.length - 1];
    }

    @Override
    public boolean wants(int input, int row) {
      return true;
    }

    @Override
    public void accept(int input, int row, float[] logits, int at) {
      last = Arrays.copyOfRange(logits, at, at + vocabulary);
      if (row < nll.length) {
        double max = last[best(last)];
        double sum = 0;
        for (float logit : last) {
          sum += Math.exp(logit - max);
        }
        nll[row] = Math.log(sum) + max - last[ids[row + 1]];
      }
    }
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  private static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }
}
