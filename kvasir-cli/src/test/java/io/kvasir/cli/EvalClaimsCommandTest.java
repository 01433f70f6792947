package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalClaimsCommandTest {
  private static final String CLAIMS =
      """
      - {id: free, source: "nobody: 8 bits are free", let: {A: q8}, expect: kl(A) <= 1}
      - {id: gone, source: "nobody: 2 bits are free", let: {A: kivi}, expect: kl(A) < 0}
      - {id: far, source: "nobody: it is fast", let: {A: q8}, needs: "hardware: a GPU"}
      """;

  @TempDir private static Path folder;
  private static String model = "";
  private static Path claims = Path.of("");

  @BeforeAll
  static void write() throws IOException {
    model = SmallModel.write(folder.resolve("small.gguf"), 4096).toString();
    claims = Files.writeString(folder.resolve("mine.yaml"), CLAIMS);
  }

  @Test
  void printsClaimsWithTheirSources() {
    Cli.Ran ran = claims("--dry-run");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.lines())
        .containsSequence(
            "mine",
            "  free",
            "    nobody: 8 bits are free",
            "    A = q8 @ blind, exact",
            "    kl(A) <= 1")
        .endsWith("    needs hardware: a GPU");
  }

  @Test
  void refusesBeforeAnythingIsWeighed() throws IOException {
    Cli.Ran unknown = Cli.run("eval", "claims", "kivy", "-m", model);
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err())
        .startsWith("kvasir: \"kivy\" is neither a file nor a family of claims, nearest: kivi; ");
    assertThat(claims("--ctx", "8k").err())
        .isEqualTo("kvasir: ctx 8192 is more than the 4096 tokens that small was made for\n");
    Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "- {id: a, sauce: b}");
    assertThat(Cli.run("eval", "claims", wrong.toString(), "-m", model).err())
        .isEqualTo(
            "kvasir: %s:1: unknown key \"sauce\", nearest: source; known: id, source, let, where,"
                    .formatted(wrong)
                + " match, expect, needs\n");
  }

  @Test
  @Tag("slow")
  void judgesAndStoresVerdicts() {
    Cli.Ran ran = claims("--ctx", "512", "--contexts", "8");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .containsPattern(
            "free: kl\\(A\\) <= 1\n    nobody: 8 bits are free\n    small, ctx 512: HELD: ")
        .containsPattern("small, ctx 512: NOT HELD: 0\\.[0-9]+ against 0\\.000, difference in")
        .contains("small, ctx 512: NOT TESTABLE HERE; needs hardware: a GPU")
        .endsWith("1 held, 1 not held, 1 not testable here\n");
    Cli.Ran again = claims("--ctx", "512", "--contexts", "8", "--json");
    assertThat(again.out()).contains("\"verdict\" : \"not held\"", "\"claim_id\" : \"gone\"");
  }

  private static Cli.Ran claims(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("eval", "claims", claims.toString(), "-m", model));
    arguments.addAll(List.of("--out", folder.resolve("out").toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(new String[0]));
  }
}
