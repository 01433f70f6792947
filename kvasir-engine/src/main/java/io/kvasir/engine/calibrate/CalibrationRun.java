package io.kvasir.engine.calibrate;

import io.kvasir.engine.Model;
import io.kvasir.engine.calibrate.Learned.Identity;
import io.kvasir.engine.model.LayerWalk;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Calibrates a method: the model reads the method's prompts, all of them layer by layer, and the
 * method learns of each layer as they pass. What was learned so far is saved on the way, with the
 * hidden states, so that a run which was ended goes on where it stood. The same model, method and
 * text give the same file, bit for bit, whether or not a run was resumed.
 */
public final class CalibrationRun {
  /** Saving takes a fraction of a second; losing this much work is bearable. */
  private static final Duration BETWEEN_SAVES = Duration.ofSeconds(10);

  private final Model model;
  private final CalibrationStore store;
  private final Duration betweenSaves;

  public CalibrationRun(Model model, CalibrationStore store) {
    this(model, store, BETWEEN_SAVES);
  }

  CalibrationRun(Model model, CalibrationStore store, Duration betweenSaves) {
    this.model = model;
    this.store = store;
    this.betweenSaves = betweenSaves;
  }

  /**
   * Calibrates, and files what was learned, replacing what was there.
   *
   * @param reading how much of the text is read
   * @param listener hears tokens times layers; what it throws ends the run
   * @throws IllegalArgumentException the text is too short
   * @throws io.kvasir.engine.fit.DoesNotFitException there is not the memory for it
   * @throws UncheckedIOException the files cannot be written
   */
  public CalibrationResult run(
      Calibrated method, String text, Reading reading, PassListener listener) {
    Calibrator calibrator = method.calibrator(new ModelText(model, text, reading));
    List<int[]> prompts = calibrator.prompts();
    int tokens = prompts.stream().mapToInt(ids -> ids.length).sum();
    Identity identity =
        new Identity(model.fingerprint(), method.calibration(), digest(prompts), tokens);
    Path file = store.file(identity.model(), identity.method());
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    List<Map<String, float[]>> layers = new ArrayList<>();
    int[] resumed = new int[1];
    try {
      model.walk(
          prompts,
          walk -> {
            resumed[0] = resume(part, identity, walk, layers);
            long saved = System.nanoTime();
            while (walk.layer() < model.config().layers().size()) {
              layers.add(learn(calibrator, walk, listener));
              if (System.nanoTime() - saved > betweenSaves.toNanos()) {
                write(part, new Learned(identity, layers, walk.states()));
                saved = System.nanoTime();
              }
            }
          });
      write(file, new Learned(identity, layers, new float[0]));
      Files.deleteIfExists(part);
      return new CalibrationResult(
          identity.method(),
          model.name(),
          prompts.size(),
          tokens,
          resumed[0],
          Files.size(file),
          file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, float[]> learn(Calibrator calibrator, LayerWalk walk, PassListener listener) {
    KvLayer layer = model.kvModel().layer(walk.layer());
    LayerCalibrator learning = calibrator.layer(layer);
    List<int[]> prompts = calibrator.prompts();
    walk.next(
        (p, q, k, v) -> learning.read(p, new PromptRows(layer, prompts.get(p).length, q, k, v)),
        listener);
    return learning.arrays();
  }

  /** Takes up an earlier run of the same prompts, if there is a sound one; returns its layers. */
  private static int resume(
      Path part, Identity identity, LayerWalk walk, List<Map<String, float[]>> layers) {
    try {
      Learned earlier = CalibrationFile.read(part);
      if (earlier.identity().equals(identity)) {
        walk.resume(earlier.layers().size(), earlier.states());
        layers.addAll(earlier.layers());
      }
    } catch (IOException e) {
      return 0; // none, or one that was never finished or was damaged: begin anew
    }
    return layers.size();
  }

  private static void write(Path file, Learned learned) {
    try {
      CalibrationFile.write(file, learned);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(List<int[]> prompts) {
    MessageDigest digest = CalibrationFile.sha256();
    for (int[] ids : prompts) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (ids.length + 1));
      bytes.asIntBuffer().put(ids.length).put(ids);
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
