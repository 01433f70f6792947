package io.kvasir.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubRefTest {
  @Test
  void readsOwnerRepositoryAndFile() {
    assertThat(HubRef.parse("Qwen/Qwen3-0.6B-GGUF"))
        .isEqualTo(new HubRef("Qwen", "Qwen3-0.6B-GGUF", Optional.empty()));
    assertThat(HubRef.parse("a/b:q4/m q4.gguf"))
        .isEqualTo(new HubRef("a", "b", Optional.of("q4/m q4.gguf")));
    assertThat(HubRef.parse("a/b:q4/m.gguf")).hasToString("a/b:q4/m.gguf");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/b",
        "a/",
        "a/b/c",
        "../b",
        "a/..",
        "a/b..c",
        ".a/b",
        "-a/b",
        "a/b?x=1",
        "a/b#c",
        "a b/c",
        "a/b\n",
        "a/b\u0000",
        "a@h/b",
        "a/b%2e",
        "a/b:",
        "a/b:m.bin",
        "a/b:/m.gguf",
        "a/b:../m.gguf",
        "a/b:x/../m.gguf",
        "a/b:x//m.gguf",
        "a/b:.m.gguf",
        "a/b:x/.y/m.gguf",
        "a/b:x\\m.gguf",
        "a/b:m\r\nX: y.gguf",
        "a/b:m.gguf?x=.gguf",
        "a/b:m:n.gguf",
        "a/b:m%2f.gguf",
        "a/b:\u202em.gguf"
      })
  void refusesWhatIsMoreThanAName(String text) {
    assertThatThrownBy(() -> HubRef.parse(text))
        .isInstanceOf(HubException.class)
        .hasMessageNotContainingAny("\n", "\r", "\u0000", "\u202e");
  }
}
