package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class StderrTest {
  /** Runs in a JVM whose standard error leads nowhere and whose descriptor 3 is the real one. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      System.err.println("before");
      Stderr.restore();
      System.err.println("after");
      throw new IllegalStateException("uncaught");
    }
  }

  @Test
  void whatFollowsReachesTheRealStandardError() throws Exception {
    assertThat(run("-Dkvasir.stderr=3")).startsWith("after\n").contains("uncaught");
  }

  @Test
  void withoutTheLauncherNothingIsMoved() throws Exception {
    assertThat(run("-Dsomething.else=3")).isEmpty();
  }

  private static String run(String property) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String script = "exec \"$0\" \"$@\" 3>&2 2>/dev/null";
    Process process =
        new ProcessBuilder(
                List.of(
                    "sh",
                    "-c",
                    script,
                    java,
                    property,
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName()))
            .start();
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    return err;
  }
}
