package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Models;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path temp;
  private String model = "";

  @BeforeEach
  void writeModel() {
    model = SmallModel.write(temp.resolve("small.gguf"), 512).toString();
  }

  @Test
  void printsTheFactsOfAModel() {
    Cli.Ran ran = Cli.run("inspect", "--model", model);
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("architecture   llama\n")
        .contains("layers         2, hidden 128, feed-forward 64\n")
        .contains("heads          4, KV heads 2, head dim 32\n")
        .contains("context        512 tokens\n")
        .contains("tokenizer      SentencePiece BPE, no BOS\n")
        .contains("chat template  yes\n")
        .contains("attention      all layers: full, rope base 10,000 over 32 dims\n")
        .containsPattern("F32 +20 +[0-9,]+\n")
        .containsPattern("f16 +512 +262 kB\n");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void theFactsAsJsonAreTheSame() {
    Map<String, Object> facts = Cli.run("inspect", "--model", model, "--json").json();
    assertThat(facts)
        .containsEntry("name", "small")
        .containsEntry("architecture", "llama")
        .containsEntry("kv_heads", 2L)
        .containsEntry("context_length", 512L)
        .containsEntry("chat_template", true);
    assertThat(facts.get("kv_cache")).asString().contains("{plan=f16, bytes_per_token=512.0");
  }

  @Test
  void slidingWindowsAreTold() {
    Path gemma = SmallModel.writer("gemma3", 512).write(temp.resolve("gemma.gguf"));
    String out = Cli.run("inspect", "--model", gemma.toString()).out();
    assertThat(out)
        .contains("attention      all layers: window of 7 tokens, rope base")
        .contains("chat template  none\n");
  }

  @Test
  void countsWhatAPlanKept() {
    Cli.Ran ran = inspect("--kv", "knorm(keep=20)", "--text", "x".repeat(100));
    assertThat(ran.out())
        .startsWith("plan   knorm(keep=20) | f16\nread   100 tokens, cache ")
        .contains("kept   80 of 400 pairs, 20.0 %; 0 of them in codes\n")
        .containsPattern("0-1 +20 +0\n");
  }

  @Test
  void tellsWhatStandsInCodes() {
    Map<String, Object> result =
        inspect("--kv", "kivi(bits=2,group=32,window=32)", "--text", "x".repeat(100), "--json")
            .json();
    assertThat(result.get("coded")).hasToString("[[96, 96], [96, 96]]");
    Map<String, Object> bytes = Cli.at(result, "bytes");
    Map<String, Object> kv = Cli.at(result, "kv");
    assertThat(bytes).containsOnlyKeys("codes", "scales", "windows", "side");
    assertThat(bytes.values().stream().mapToLong(each -> (Long) each).sum())
        .isEqualTo((Long) kv.get("bytes"));
  }

  @Test
  void tellsThePositionsAndDrawsThem() throws IOException {
    Path png = temp.resolve("kept.png");
    Cli.Ran ran =
        Cli.run(
            "0123456789".repeat(20).getBytes(UTF_8),
            "inspect",
            "--model",
            model,
            "--kv",
            "streaming-llm(keep=50,sinks=4)",
            "--png",
            png.toString(),
            "--json");
    Map<String, Object> result = ran.json();
    List<List<List<Long>>> kept = Cli.at(result, "kept");
    List<Long> expected =
        IntStream.range(0, 200)
            .filter(i -> i < 4 || i >= 154)
            .mapToObj(i -> Long.valueOf(i))
            .toList();
    assertThat(kept).hasSize(2).allSatisfy(layer -> assertThat(layer).hasSize(2));
    assertThat(kept.get(1).get(1)).isEqualTo(expected);
    assertThat(result).containsEntry("prefill", "exact").containsEntry("precision", "exact");
    Map<String, Object> kv = Cli.at(result, "kv");
    assertThat(kv).containsEntry("pairs", 200L).containsEntry("tokens", 200L);

    KeptChart same = new KeptChart("", "", 200, new int[2][2][0], new int[2][2]);
    BufferedImage image = ImageIO.read(png.toFile());
    for (int position = 0; position < 200; position++) {
      var cell = same.cell(3, position);
      assertThat(new Color(image.getRGB(cell.x, cell.y)))
          .as("position %d", position)
          .isEqualTo(expected.contains((long) position) ? KeptChart.EXACT : KeptChart.NONE);
    }
  }

  @Test
  void aBatchIsAnsweredLineByLine() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"ids\": [5, 6, 7, 8], \"kv\": \"streaming-llm(keep=2,sinks=1)\"}",
                "{\"text\": \"abc\", \"kv\": \"f32\"}",
                "{\"ids\": [5], \"kv\": \"snapvk(keep=1)\"}",
                "{\"ids\": [9999], \"kv\": \"f16\"}",
                "{\"ids\": [], \"kv\": \"f16\"}",
                "{\"ids\": [5, 6]}"),
            "inspect",
            "--model",
            model,
            "--jsonl");
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines()).hasSize(6);
    assertThat(ran.answer(0).get("kept")).hasToString("[[[0, 3], [0, 3]], [[0, 3], [0, 3]]]");
    assertThat((Long) ran.answer(0).get("bytes")).isPositive();
    assertThat(ran.answer(1).get("kept")).asString().startsWith("[[[0, 1, 2], [0, 1, 2]]");
    assertThat(ran.answer(2).get("error")).asString().contains("unknown method \"snapvk\"");
    assertThat(ran.answer(3).get("error")).asString().contains("9999").contains("token id");
    assertThat(ran.answer(4)).containsOnlyKeys("error");
    assertThat(ran.answer(5).get("error")).asString().contains("\"kv\" is missing");
  }

  @Test
  void whatCannotBeMeantIsRefusedInOneSentence() {
    refuses("a prompt or --png needs --kv PLAN", "--text", "x");
    refuses("with --jsonl the prompts stand in the lines", "--jsonl", "--text", "x");
    refuses("--text and --file are two prompts", "--kv", "f16", "--text", "x", "--file", "y");
    refuses("unknown method \"nothing\"", "--kv", "nothing", "--text", "x");
    refuses(temp + " is a directory", "--kv", "f16", "--file", temp.toString());
    refuses("no file at " + temp + "/absent", "--kv", "f16", "--file", temp + "/absent");
    refuses("600 tokens, the context holds 512", "--kv", "f16", "--text", "x".repeat(600));
    refuses(
        "cannot write " + temp + "/absent/k.png: " + temp + "/absent is no folder",
        "--kv",
        "f16",
        "--text",
        "x",
        "--png",
        temp + "/absent/k.png");
  }

  private void refuses(String sentence, String... arguments) {
    Cli.Ran ran = inspect(arguments);
    assertThat(ran.exit()).as(sentence).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("kvasir: ").contains(sentence).hasLineCount(1);
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    Path text = Files.writeString(temp.resolve("text.gguf"), "not a model");
    Cli.Ran ran = Cli.run("inspect", "--model", text.toString());
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).startsWith("kvasir: ").contains("text.gguf").hasLineCount(1);
  }

  @Test
  @Tag("model")
  void smolLm2HasTheSizesOfItsCard() {
    String real = Models.require("smollm2-135m-instruct").toString();
    Cli.Ran ran = Cli.run("inspect", "--model", real);
    assertThat(ran.out())
        .contains("layers         30, hidden 576, feed-forward 1,536\n")
        .contains("heads          9, KV heads 3, head dim 64\n")
        .containsPattern("f16 +23,040 +189 MB");
  }

  private Cli.Ran inspect(String... arguments) {
    return Cli.run(
        IntStream.range(0, arguments.length + 3)
            .mapToObj(i -> i < 3 ? List.of("inspect", "--model", model).get(i) : arguments[i - 3])
            .toArray(String[]::new));
  }
}
