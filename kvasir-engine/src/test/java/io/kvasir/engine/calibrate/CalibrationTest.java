package io.kvasir.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.Calibration;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Methods;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.Calibrated.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog ".repeat(40);
  private static final Reading READING = new Reading(1000, 200);
  private static final Calibrated QFILTERS = Methods.builtIn().calibrated("qfilters");

  @TempDir Path home;
  private Path file;
  private CalibrationStore store;

  @BeforeEach
  void writeModel() throws IOException {
    file = Files.createDirectories(home.resolve("models")).resolve("tiny.gguf");
    TinyModel.writer().write(file);
    store = new CalibrationStore(home);
  }

  private Model load(int threads) {
    return Model.load(
        file, ModelOptions.DEFAULT.withThreads(threads).withPrecision(Precision.EXACT));
  }

  private CalibrationResult run(Model model, Duration betweenSaves, PassListener listener) {
    return new CalibrationRun(model, store, betweenSaves).run(QFILTERS, TEXT, READING, listener);
  }

  private CalibrationResult run() {
    try (Model model = load(2)) {
      return run(model, Duration.ofDays(1), PassListener.NONE);
    }
  }

  private Calibrations calibrations() {
    try (Model model = load(1)) {
      return store.of(file, model.fingerprint());
    }
  }

  @Test
  void isFoundByItself() throws IOException {
    CalibrationResult result = run();
    assertThat(result.model()).isEqualTo("tiny");
    assertThat(result.prompts()).isEqualTo(5);
    assertThat(result.tokens()).isEqualTo(1000);
    assertThat(result.bytes()).isEqualTo(Files.size(Path.of(result.file())));
    Calibration learned = calibrations().find("qfilters");
    for (int layer = 0; layer < 2; layer++) {
      assertThat(learned.array(layer, "filters")).hasSize(64).isNotEqualTo(new float[64]);
    }
    assertThat(learned.array(0, "filters")).isNotEqualTo(learned.array(1, "filters"));
    assertThatThrownBy(() -> learned.array(2, "filters"))
        .hasMessage("the calibration of qfilters has no array filters of layer 2");
    try (Stream<Path> files = Files.list(Path.of(result.file(), "..").normalize())) {
      assertThat(files.map(Path::normalize)).containsExactly(Path.of(result.file()));
    }
  }

  @Test
  void threadsDoNotChangeABit() throws IOException {
    byte[] two = Files.readAllBytes(Path.of(run().file()));
    try (Model model = load(1)) {
      CalibrationResult again = run(model, Duration.ofDays(1), PassListener.NONE);
      assertThat(Path.of(again.file())).hasBinaryContent(two);
    }
  }

  @Test
  void whatWasInterruptedGoesOnAndEndsTheSame() throws IOException {
    byte[] undisturbed = Files.readAllBytes(Path.of(run().file()));
    try (Model model = load(2)) {
      PassListener secondLayer =
          (done, total) -> {
            if (done > total / 2) {
              throw new CancellationException("enough");
            }
          };
      assertThatThrownBy(() -> run(model, Duration.ZERO, secondLayer)).hasMessage("enough");
      CalibrationResult resumed = run(model, Duration.ZERO, PassListener.NONE);
      assertThat(resumed.resumed()).isEqualTo(1);
      assertThat(Path.of(resumed.file())).hasBinaryContent(undisturbed);
    }
  }

  @Test
  void aDamagedPartIsBegunAnew() throws IOException {
    Path whole = Path.of(run().file());
    byte[] undisturbed = Files.readAllBytes(whole);
    Path part = whole.resolveSibling("." + whole.getFileName() + ".part");
    Files.write(part, new byte[100]);
    CalibrationResult again = run();
    assertThat(again.resumed()).isZero();
    assertThat(Path.of(again.file())).hasBinaryContent(undisturbed);
    assertThat(part).doesNotExist();
  }

  @Test
  void aMissingOneNamesItsCommand() {
    assertThatThrownBy(() -> calibrations().find("qfilters"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "qfilters has not been calibrated for tiny; first run: "
                + "kvasir calibrate qfilters --model tiny --text FILE");
  }

  @Test
  void aModelElsewhereIsNamedByItsPath() {
    Path elsewhere = home.resolve("other").resolve("tiny.gguf");
    assertThatThrownBy(() -> store.of(elsewhere, "abc").find("x(y=1)"))
        .hasMessage(
            "x(y=1) has not been calibrated for %s; first run: ".formatted(elsewhere)
                + "kvasir calibrate \"x(y=1)\" --model %s --text FILE".formatted(elsewhere));
  }

  @Test
  void everyFlippedBitIsRefused() throws IOException {
    Path calibration = Path.of(run().file());
    byte[] bytes = Files.readAllBytes(calibration);
    for (int at : List.of(0, 9, 40, bytes.length / 2, bytes.length - 1)) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 4;
      Files.write(calibration, flipped);
      String what =
          at == 0
              ? "it is no calibration file of this version"
              : "its checksum does not match its content";
      assertThatThrownBy(() -> calibrations().find("qfilters"))
          .isInstanceOf(KvPlanException.class)
          .hasMessage(
              calibration
                  + " cannot be used: "
                  + what
                  + "; make it again: kvasir calibrate qfilters --model tiny --text FILE");
    }
  }

  @Test
  void anotherModelsIsRefused() throws IOException {
    Path calibration = Path.of(run().file());
    Path wrong = store.file("0123", "qfilters");
    Files.createDirectories(wrong.resolve("..").normalize());
    Files.copy(calibration, wrong);
    assertThatThrownBy(() -> store.of(file, "0123").find("qfilters"))
        .isInstanceOf(KvPlanException.class)
        .hasMessageStartingWith(wrong + " holds qfilters of the model ")
        .hasMessageEndingWith(
            ", expected qfilters of 0123; make it again: "
                + "kvasir calibrate qfilters --model tiny --text FILE");
  }

  @Test
  void aShortTextIsRefused() {
    try (Model model = load(1)) {
      CalibrationRun run = new CalibrationRun(model, store);
      assertThatThrownBy(() -> run.run(QFILTERS, "too short", READING, PassListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the text has 9 tokens; expected at least 256 to calibrate on");
    }
  }

  @Test
  void methodsThatLearnNothingAreRefused() {
    assertThatThrownBy(() -> Methods.builtIn().calibrated("knorm"))
        .isInstanceOf(KvPlanException.class)
        .hasMessageStartingWith("\"knorm\" is not calibrated; expected one of qfilters");
  }
}
