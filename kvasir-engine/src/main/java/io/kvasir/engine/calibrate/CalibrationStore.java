package io.kvasir.engine.calibrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.kernel.KvasirHome;
import io.kvasir.kv.Calibration;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvPlanException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calibrations on this machine: below {@code KVASIR_HOME/calibrations} a folder for each model,
 * named after its fingerprint, and in it a file for each method with its parameters. Thread-safe.
 */
public final class CalibrationStore {
  private static final int SHOWN = 16; // digits of a hash in a name

  private final Path home;

  /**
   * A store.
   *
   * @param home the folder where Kvasir keeps its files; need not exist yet
   */
  public CalibrationStore(Path home) {
    this.home = home;
  }

  /** The store that the environment variables describe. */
  public static CalibrationStore ofEnvironment() {
    return new CalibrationStore(
        KvasirHome.of(System.getenv(), Path.of(System.getProperty("user.home", "."))));
  }

  /**
   * What was learned of a model; read when first asked for.
   *
   * @param model its file
   * @param fingerprint of its content
   */
  public Calibrations of(Path model, String fingerprint) {
    Map<String, Calibration> read = new ConcurrentHashMap<>();
    return name -> read.computeIfAbsent(name, method -> find(model, fingerprint, method));
  }

  /** Where a calibration is kept, or would be. */
  Path file(String fingerprint, String method) {
    String hash = HexFormat.of().formatHex(CalibrationFile.sha256().digest(method.getBytes(UTF_8)));
    String name = method.replaceFirst("\\(.*", "") + "-" + hash.substring(0, SHOWN) + ".calib";
    return home.resolve("calibrations")
        .resolve(fingerprint.substring(0, Math.min(SHOWN, fingerprint.length())))
        .resolve(name);
  }

  private Calibration find(Path model, String fingerprint, String method) {
    Path file = file(fingerprint, method);
    String command = command(model, method);
    try {
      Learned learned = CalibrationFile.read(file);
      if (!learned.identity().model().equals(fingerprint)
          || !learned.identity().method().equals(method)) {
        throw new KvPlanException(
            "%s holds %s of the model %s, expected %s of %s; make it again: %s"
                .formatted(
                    file,
                    learned.identity().method(),
                    learned.identity().model(),
                    method,
                    fingerprint,
                    command));
      }
      return learned;
    } catch (NoSuchFileException e) {
      throw new KvPlanException(
          "%s has not been calibrated for %s; first run: %s"
              .formatted(method, name(model), command));
    } catch (IOException e) {
      throw new KvPlanException(
          "%s cannot be used: %s; make it again: %s".formatted(file, e.getMessage(), command));
    }
  }

  private String command(Path model, String method) {
    String quoted = method.matches("[\\w-]+") ? method : "\"" + method + "\"";
    return "kvasir calibrate %s --model %s --text FILE".formatted(quoted, name(model));
  }

  /** What a user calls the model. */
  private String name(Path model) {
    Path folder = home.resolve("models").toAbsolutePath();
    Path file = model.toAbsolutePath();
    return folder.equals(file.getParent())
        ? String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "")
        : model.toString();
  }
}
