package io.kvasir.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.Methods;
import io.kvasir.kv.calibration.Calibrated.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether the heads that a probe of headkv names find things: a model that has lost them must
 * forget passkeys, and one that has lost as many others must not.
 */
@Tag("model")
@Tag("slow")
class RetrievalHeadsTest {
  private static final String FILLER =
      "The grass is green. The sky is blue. The sun is yellow. Here we go. ";

  @TempDir Path folder;

  @Test
  void withoutTheHeadsThatInducePasskeysAreForgotten() throws IOException {
    Path file = Models.require("smollm2-135m-instruct");
    List<Integer> heads; // by falling score
    int ofLayer;
    try (Model model = load(file)) {
      heads = probed(model);
      ofLayer = model.config().layers().getFirst().attention().queryHeads();
    }
    int masked = heads.size() / 20;
    List<Integer> others = new ArrayList<>(heads.subList(masked, heads.size()));
    Collections.shuffle(others, new Random(0));
    double without = nats(masked(file, heads.subList(0, masked), ofLayer));
    double withoutOthers = nats(masked(file, others.subList(0, masked), ofLayer));
    assertThat(withoutOthers).isLessThan(0.5);
    assertThat(without).isGreaterThan(withoutOthers + 2); // a digit by guess costs 2.3
  }

  private static Model load(Path file) {
    return Model.load(file, ModelOptions.DEFAULT.withPrecision(Precision.EXACT));
  }

  private List<Integer> probed(Model model) throws IOException {
    CalibrationRun run = new CalibrationRun(model, new CalibrationStore(folder));
    String file =
        run.run(
                Methods.builtIn().calibrated("headkv(scores=induction)"),
                FILLER.repeat(20),
                new Reading(1025, 1025),
                PassListener.NONE)
            .file();
    Learned learned = CalibrationFile.read(Path.of(file));
    List<Float> scores = new ArrayList<>();
    for (int l = 0; l < learned.layers().size(); l++) {
      for (float score : learned.array(l, "scores")) {
        scores.add(score);
      }
    }
    return IntStream.range(0, scores.size())
        .boxed()
        .sorted(Comparator.comparing(scores::get).reversed())
        .toList();
  }

  /** The model with heads whose queries are 0, so that they attend to all tokens alike. */
  private Path masked(Path file, List<Integer> heads, int ofLayer) throws IOException {
    Path copy =
        Files.copy(file, folder.resolve("masked.gguf"), StandardCopyOption.REPLACE_EXISTING);
    try (GgufFile gguf = GgufFile.open(file);
        FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      for (int head : heads) {
        TensorInfo queries = gguf.tensor("blk." + head / ofLayer + ".attn_q.weight").orElseThrow();
        int bytes = (int) (queries.bytes() / ofLayer);
        out.write(ByteBuffer.allocate(bytes), queries.offset() + (long) (head % ofLayer) * bytes);
      }
    }
    return copy;
  }

  /** What the tokens of passkeys cost that stand in a text of 330 tokens. */
  private static double nats(Path file) {
    double nats = 0;
    int tokens = 0;
    try (Model model = load(file)) {
      for (int i = 0; i < 3; i++) {
        String key = List.of("48213", "90657", "17394").get(i);
        String text =
            FILLER.repeat(2 + 5 * i)
                + "The passkey is %s. Remember it. ".formatted(key)
                + FILLER.repeat(14 - 5 * i)
                + "What is the passkey? The passkey is";
        int[] ids = model.tokenizer().encode(text + " " + key, false, true);
        int prompt = model.tokenizer().encode(text, false, true).length;
        try (Sequence sequence = model.sequence(KvPlan.FULL)) {
          double[] each = sequence.score(ids, ids.length, PassListener.NONE).nll();
          for (int t = prompt - 1; t < each.length; t++, tokens++) {
            nats += each[t];
          }
        }
      }
    }
    return nats / tokens;
  }
}
