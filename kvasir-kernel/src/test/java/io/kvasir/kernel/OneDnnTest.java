package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OneDnnTest {
  /** Else every other test of bf16 products would pass by doing nothing. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void isAvailableWhereTheProcessorMultipliesBf16() throws IOException {
    boolean bf16 = Files.readString(Path.of("/proc/cpuinfo")).contains(" avx512_bf16 ");
    assertThat(OneDnn.available()).as("%s", OneDnn.refusal()).isEqualTo(bf16);
  }

  @Test
  void refusalSaysWhy() {
    assertThat(OneDnn.refusal().isEmpty()).isEqualTo(OneDnn.available());
    OneDnn.refusal().ifPresent(reason -> assertThat(reason).isNotBlank());
  }

  @Test
  void tellsItsVersionWhereItIsAvailable() {
    assertThat(OneDnn.version().isPresent()).isEqualTo(OneDnn.available());
    OneDnn.version().ifPresent(version -> assertThat(version).matches("3\\.\\d+\\.\\d+"));
  }

  @Test
  void unpackedLibraryIsNamedAfterItsJar() throws Exception {
    assertThat(
            OneDnnLibrary.jarName(
                URI.create("jar:file:/a%20b/dnnl-3.13-linux-x86_64.jar!/org/libdnnl.so.3").toURL()))
        .isEqualTo("dnnl-3.13-linux-x86_64");
    assertThatThrownBy(
            () -> OneDnnLibrary.jarName(URI.create("file:/classes/org/libdnnl.so.3").toURL()))
        .isInstanceOf(IOException.class)
        .hasMessage("the library is not in a jar but at file:/classes/org/libdnnl.so.3");
  }
}
