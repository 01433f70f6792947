package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KvasirHomeTest {
  private static final Path USER = Path.of("/users/ada");

  @Test
  void isInTheUsersCacheUnlessSet() {
    assertThat(KvasirHome.of(Map.of(), USER)).isEqualTo(Path.of("/users/ada/.cache/kvasir"));
    assertThat(home(" ")).isEqualTo(Path.of("/users/ada/.cache/kvasir"));
  }

  @Test
  void isWhereTheVariableSays() {
    assertThat(home("/data/./kvasir ")).isEqualTo(Path.of("/data/kvasir"));
    assertThat(home("here")).isEqualTo(Path.of("here").toAbsolutePath());
  }

  @Test
  void aTildeIsTheUsersHome() {
    assertThat(home("~")).isEqualTo(USER);
    assertThat(home("~/models")).isEqualTo(USER.resolve("models"));
    assertThat(home("/~/models")).isEqualTo(Path.of("/~/models"));
  }

  private static Path home(String value) {
    return KvasirHome.of(Map.of("KVASIR_HOME", value), USER);
  }
}
