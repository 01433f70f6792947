package io.kvasir.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.engine.References;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kernel.Floats;
import io.kvasir.kv.MethodInfo;
import io.kvasir.kv.Methods;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.Calibrated.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calibrated methods learn of a real model from 2048 tokens. */
@Tag("model")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CalibratedMethodsTest {
  private static final Reading LITTLE = new Reading(2048, 2048);

  @TempDir Path home;
  private final Map<String, List<Map<String, float[]>>> learned = new HashMap<>();
  private Model model;

  @BeforeAll
  void load() {
    model =
        Model.load(
            Models.require("smollm2-135m-instruct"),
            ModelOptions.DEFAULT.withPrecision(Precision.EXACT));
  }

  @AfterAll
  void close() {
    if (model != null) {
      model.close();
    }
  }

  /** What was learned, once for each method and page. */
  private List<Map<String, float[]>> learn(String name, String page) throws IOException {
    List<Map<String, float[]>> known = learned.get(name + page);
    if (known == null) {
      known = learn(Methods.builtIn().calibrated(name), page);
      learned.put(name + page, known);
    }
    return known;
  }

  private List<Map<String, float[]>> learn(Calibrated method, String page) throws IOException {
    String text = Files.readString(References.root().resolve(page));
    CalibrationRun run = new CalibrationRun(model, new CalibrationStore(home));
    CalibrationResult result = run.run(method, text, LITTLE, PassListener.NONE);
    return CalibrationFile.read(Path.of(result.file())).layers();
  }

  static Stream<String> calibrated() {
    return Methods.builtIn().list().stream().filter(MethodInfo::calibrated).map(MethodInfo::name);
  }

  @ParameterizedTest
  @MethodSource("calibrated")
  void everyLayerIsLearnedInFiniteNumbers(String method) throws IOException {
    List<Map<String, float[]>> layers = learn(method, "docs/eval.md");
    assertThat(layers).hasSize(model.config().layers().size());
    for (Map<String, float[]> layer : layers) {
      assertThat(layer).isNotEmpty();
      for (float[] array : layer.values()) {
        assertThat(Floats.absMax(array, 0, array.length)).isFinite().isPositive();
      }
    }
  }

  /** The queries of a head share a direction, whatever the text. */
  @Test
  void filtersOfTwoTextsPointTheSameWay() throws IOException {
    List<Map<String, float[]>> one = learn("qfilters", "docs/eval.md");
    List<Map<String, float[]>> other = learn("qfilters", "LICENSE");
    int alike = 0;
    int heads = 0;
    for (int l = 0; l < one.size(); l++) {
      float[] a = Objects.requireNonNull(one.get(l).get("filters"));
      float[] b = Objects.requireNonNull(other.get(l).get("filters"));
      for (int at = 0; at < a.length; at += 64) {
        double cosine =
            Floats.dot(a, at, b, at, 64)
                / Math.sqrt(Floats.sumOfSquares(a, at, 64) * Floats.sumOfSquares(b, at, 64));
        alike += cosine > 0.9 ? 1 : 0;
        heads++;
      }
    }
    assertThat(alike).isGreaterThan(heads / 2);
  }

  /** A few heads copy; many look at the right sentence a little. */
  @Test
  void copyingIsTheBusinessOfFewerHeadsThanReasoning() throws IOException {
    double copying = topShare("headkv(scores=retrieval)");
    double reasoning = topShare("headkv");
    assertThat(copying).isGreaterThan(0.4).isGreaterThan(reasoning);
  }

  /** Two probes that have nothing in common but what they look for. */
  @Test
  void headsThatCopyInduce() throws IOException {
    List<Integer> copying = best("headkv(scores=retrieval)", 5);
    List<Integer> inducing = best("headkv(scores=induction)", 270 * 14 / 100);
    assertThat(copying.stream().filter(inducing::contains).count()).isGreaterThanOrEqualTo(2);
  }

  private List<Integer> best(String method, int count) throws IOException {
    double[] scores = headScores(method);
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(h -> -scores[h]))
        .limit(count)
        .toList();
  }

  /** What the best twentieth of the heads have of all scores. */
  private double topShare(String method) throws IOException {
    double[] scores = headScores(method);
    Arrays.sort(scores);
    double[] top = Arrays.copyOfRange(scores, scores.length * 19 / 20, scores.length);
    return Arrays.stream(top).sum() / Arrays.stream(scores).sum();
  }

  private double[] headScores(String method) throws IOException {
    return learn(method, "docs/eval.md").stream()
        .map(layer -> Objects.requireNonNull(layer.get("scores")))
        .flatMapToDouble(of -> Arrays.stream(toDouble(of)))
        .toArray();
  }

  private static double[] toDouble(float[] numbers) {
    double[] out = new double[numbers.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = numbers[i];
    }
    return out;
  }
}
