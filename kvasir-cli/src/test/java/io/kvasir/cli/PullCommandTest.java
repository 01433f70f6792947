package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands pull and models, against a server that speaks the hub's protocol. */
class PullCommandTest {
  @TempDir Path home;
  private FakeHub hub;
  private KvasirProcess kvasir;

  @BeforeEach
  void start() {
    hub = new FakeHub();
    hub.files.put("/ann/llm/resolve/main/m.gguf", "GGUF and more".getBytes(UTF_8));
    kvasir =
        new KvasirProcess(
            Map.of(
                "KVASIR_HOME", home.toString(),
                "HF_HOME", home.resolve("hf").toString(),
                "HF_ENDPOINT", hub.endpoint().toString(),
                "PATH", ""));
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void pullPrintsThePathAndModelsListsIt() {
    Path file = home.resolve("models/hub/ann/llm/m.gguf");
    KvasirProcess.Ran pull = kvasir.run("pull", "ann/llm");
    assertThat(pull.out()).isEqualTo(file + "\n");
    assertThat(pull.err()).contains("kvasir: pulling ann/llm, 13 bytes in all\n");
    assertThat(pull.exit()).isZero();
    assertThat(file).hasContent("GGUF and more");

    assertThat(kvasir.run("models").out())
        .startsWith(
            """
            NAME                SIZE  FILES  PATH
            ann/llm:m.gguf  13 bytes      1  %s

            kvasir pull NAME brings one of these:
            NAME                         FACTS
            smollm2-135m-instruct        98 MB, Q4_1, 8k context
            """
                .formatted(file));
  }

  @Test
  void jsonHasTheSameFacts() {
    KvasirProcess.Ran pull = kvasir.run("pull", "--json", "ann/llm:m.gguf");
    Path file = home.resolve("models/hub/ann/llm/m.gguf");
    assertThat(Json.object(pull.out()))
        .isEqualTo(Map.of("name", "ann/llm:m.gguf", "path", file.toString()));
    Map<String, Object> listing = Json.object(kvasir.run("models", "--json").out());
    assertThat(listing)
        .containsEntry("folder", home.resolve("models").toString())
        .extractingByKey("stored")
        .asString()
        .isEqualTo("[{name=ann/llm:m.gguf, bytes=13, files=1, path=" + file + "}]");
    assertThat(listing)
        .extractingByKey("absent")
        .asString()
        .startsWith("[{name=smollm2-135m-instruct, bytes=98362432, facts=98 MB, Q4_1, 8k context}");
  }

  @Test
  void aWrongNameIsWrongInput() {
    KvasirProcess.Ran ran = kvasir.run("pull", "smollm3");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("kvasir: no model \"smollm3\" to pull; get one with \"kvasir");
    assertThat(ran.out()).isEmpty();
    assertThat(kvasir.run("pull", "../x:y").exit()).isEqualTo(2);
    assertThat(kvasir.run("pull").err()).contains("kvasir: Missing required parameter: 'NAME'");
  }

  @Test
  void aHubWithoutTheModelIsAFailure() throws IOException {
    KvasirProcess.Ran ran = kvasir.run("pull", "ann/other:m.gguf");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).contains("kvasir: ").doesNotContain("Exception");
    assertThat(Files.exists(home.resolve("models/hub/ann/other/m.gguf"))).isFalse();
  }

  @Test
  void anEmptyStoreSaysSo() {
    assertThat(kvasir.run("models").out())
        .startsWith("No models in " + home.resolve("models") + " yet.\n\nkvasir pull NAME");
  }
}
