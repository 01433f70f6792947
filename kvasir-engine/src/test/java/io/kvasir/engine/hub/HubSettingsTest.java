package io.kvasir.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir Path user;

  @Test
  void defaultsLieInTheUsersCache() {
    HubSettings settings = HubSettings.of(Map.of("HF_TOKEN", ""), user);
    assertThat(settings.endpoint()).hasToString("https://huggingface.co");
    assertThat(settings.models()).isEqualTo(user.resolve(".cache/kvasir/models"));
    assertThat(settings.hubCache()).isEqualTo(user.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isEmpty();
  }

  @Test
  void theEnvironmentDecides() throws IOException {
    Files.writeString(Files.createDirectories(user.resolve("hf")).resolve("token"), "hf_file\n");
    Map<String, String> environment =
        Map.of(
            "KVASIR_HOME",
            "~/kv",
            "HF_HOME",
            user + "/hf",
            "HF_ENDPOINT",
            "http://mirror:8080/hf/");
    HubSettings settings = HubSettings.of(environment, user);
    assertThat(settings.endpoint()).hasToString("http://mirror:8080/hf");
    assertThat(settings.models()).isEqualTo(user.resolve("kv/models"));
    assertThat(settings.hubCache()).isEqualTo(user.resolve("hf/hub"));
    assertThat(settings.token()).contains("hf_file");
    assertThat(HubSettings.of(Map.of("HF_TOKEN", "hf_set", "HF_HOME", user + "/hf"), user).token())
        .contains("hf_set");
  }

  @Test
  void neverPrintsTheToken() {
    assertThat(HubSettings.of(Map.of("HF_TOKEN", "hf_x"), user).toString()).doesNotContain("hf_x");
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_TOKEN", "hf_x\r\nA: b"), user))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("hf_x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "huggingface.co",
        "file:///x",
        "http://",
        "http://a b",
        "https://u:p@h",
        "http://h?x"
      })
  void refusesAnEndpointThatIsNone(String endpoint) {
    assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint), user))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_ENDPOINT=")
        .hasMessageContaining("expected https://host[:port]");
  }
}
