package io.kvasir.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Methods;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.Calibrated.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of calibrations that cannot serve, and that nothing is lost by it. */
class CalibrationRefusalsTest {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog ".repeat(10);

  @TempDir Path home;
  private Path file;
  private CalibrationStore store;
  private Model model;

  @BeforeEach
  void load() throws IOException {
    file = Files.createDirectories(home.resolve("models")).resolve("tiny.gguf");
    TinyModel.writer().write(file);
    store = new CalibrationStore(home);
    model = Model.load(file, ModelOptions.DEFAULT.withThreads(1).withPrecision(Precision.EXACT));
  }

  @AfterEach
  void close() {
    model.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      value = {
        "kvquant -> \"kvquant(bits=3,outliers=1%)\"",
        "kvquant(bits=2,outliers=2%,sinks=4) -> \"kvquant(bits=2,outliers=2%)\"",
        "snapkv(keep=50%) | kvquant(bits=4) -> \"kvquant(bits=4,outliers=1%)\"",
        "rotatekv -> \"rotatekv(heads=4)\"",
        "cskv -> \"cskv(rank-k=50%,rank-v=50%)\"",
        "csr(dictionary=64,online=8) -> \"csr(dictionary=64)\"",
        "qfilters(keep=50%) -> qfilters",
        "headkv(keep=50%,scores=induction) -> \"headkv(scores=induction)\""
      })
  void aMissingOneIsRefusedWithItsCommand(String plan, String quoted) {
    int[] ids = model.tokenizer().encode(TEXT, false);
    try (Sequence other = model.sequence(KvPlan.FULL)) {
      other.read(ids, PassListener.NONE);
      long pages = model.pool().usedPages();
      assertThatThrownBy(() -> read(plan, ids))
          .isInstanceOf(KvPlanException.class)
          .hasMessage(
              "%s has not been calibrated for %s; first run: kvasir calibrate %s --model %s --text FILE"
                  .formatted(quoted.replace("\"", ""), file, quoted, file));
      assertThat(model.pool().usedPages()).isEqualTo(pages);
      assertThat(other.step(ids[0])).doesNotContain(Float.NaN);
    }
  }

  private void read(String plan, int[] ids) {
    try (Sequence sequence = model.sequence(KvPlan.parse(plan))) {
      sequence.read(ids, PassListener.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kvquant(bits=3,outliers=1%)",
        "rotatekv(heads=4)",
        "cskv(rank-k=50%,rank-v=50%)",
        "csr(dictionary=64)",
        "headkv(scores=induction)"
      })
  void anothersAndDamagedOnesAreRefused(String name) throws IOException {
    Calibrated method = Methods.builtIn().calibrated(name);
    Path calibration = Path.of(calibrate(method, TEXT).file());
    Calibrations sound = store.of(file, model.fingerprint());
    assertThat(sound.find(method.calibration())).isNotNull();
    String again =
        "; make it again: kvasir calibrate %s --model tiny --text FILE"
            .formatted(name.contains("(") ? "\"" + name + "\"" : name);

    Path wrong = store.file("0123", name);
    Files.createDirectories(wrong.resolveSibling("."));
    Files.copy(calibration, wrong);
    assertThatThrownBy(() -> store.of(file, "0123").find(name))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "%s holds %s of the model %s, expected %s of 0123"
                    .formatted(wrong, name, model.fingerprint(), name)
                + again);

    byte[] bytes = Files.readAllBytes(calibration);
    bytes[bytes.length / 2] ^= 1;
    Files.write(calibration, bytes);
    assertThatThrownBy(() -> store.of(file, model.fingerprint()).find(name))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            calibration + " cannot be used: its checksum does not match its content" + again);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kvquant", "rotatekv", "cskv", "csr", "qfilters", "headkv"})
  void aShortTextIsRefused(String name) {
    assertThatThrownBy(() -> calibrate(Methods.builtIn().calibrated(name), "too short"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the text has 9 tokens; expected at least 256 to calibrate on");
  }

  private CalibrationResult calibrate(Calibrated method, String text) {
    Reading little = new Reading(400, 200);
    return new CalibrationRun(model, store).run(method, text, little, PassListener.NONE);
  }
}
