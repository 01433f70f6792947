package io.kvasir.eval.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.References;
import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.PrefillMode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimFileTest {
  private static final String KIVI =
      """
      - id: kivi-2bit-near-full
        source: "KIVI 2402.02750: LongBench-15 38.72 full, 38.30 at 2 bits, LongChat-7B"
        let: { A: "kivi(bits=2,group=32,window=128)" }
        where: { tasks: "kv,passkey", protocol: blind, prefill: exact, ctx: [2k, 4k] }
        expect: score(A) >= 0.98 * score(f16)
      """;

  @Test
  void readsAClaim() {
    Claim claim = only(KIVI);
    assertThat(claim.id()).isEqualTo("kivi-2bit-near-full");
    assertThat(claim.let()).containsOnlyKeys("A");
    assertThat(claim.plan("A").plan()).hasToString("kivi(bits=2,group=32,window=128)");
    assertThat(claim.plan("f16").reading())
        .isEqualTo(new Reading(Protocol.BLIND, PrefillMode.EXACT));
    assertThat(claim.tasks()).extracting(Task::name).containsExactly("kv", "passkey(digits=5)");
    assertThat(claim.ctxs()).containsExactly(2048, 4096);
    assertThat(claim.equalBytes()).isFalse();
    assertThat(claim.place()).isEqualTo("f.yaml:1");
  }

  @Test
  void readsTheExampleOfThePage() throws IOException {
    String page = Files.readString(References.root().resolve("docs/eval.md"));
    String example =
        page.substring(page.indexOf("    - id: kivi"))
            .lines()
            .takeWhile(line -> line.startsWith("    "))
            .map(line -> line.substring(4))
            .collect(Collectors.joining("\n"));
    assertThat(ClaimFile.parse("eval.md", example))
        .extracting(Claim::id)
        .containsExactly(
            "kivi-2bit-near-full", "pyramidkv-beats-snapkv-when-tiny", "h2o-throughput");
  }

  @Test
  void fillsInWhatIsLeftOut() {
    assertThat(names("score(A) > 0")).startsWith("niah-s1").contains("kv", "vt(hops=4)");
    assertThat(names("kl(A) > 0")).containsExactly("text");
    assertThat(names("nll(A) > 0")).containsExactly("text");
    assertThat(names("bytes(A) > 0")).isEmpty();
  }

  private static List<String> names(String expect) {
    Claim claim = only("- {id: a, source: s, let: {A: q8}, expect: '" + expect + "'}");
    assertThat(claim.ctxs()).containsExactly(2048, 4096);
    return claim.tasks().stream().map(Task::name).toList();
  }

  @Test
  void aPlanMayBeWeighedInItsOwnWay() {
    Claim claim =
        only(
            """
            - id: a
              source: s
              let:
                A: "snapkv(keep=50%) @ protocol=aware"
                B: "snapkv(keep=50%) @ prefill=coded"
              where: { prefill: chunked:64, tasks: kv }
              expect: score(A) > score(B)
            """);
    assertThat(claim.plan("A").reading())
        .isEqualTo(new Reading(Protocol.AWARE, new PrefillMode.Chunked(64)));
    assertThat(claim.plan("B").reading()).isEqualTo(new Reading(Protocol.BLIND, PrefillMode.CODED));
    assertThat(claim.plan("f16").reading())
        .isEqualTo(new Reading(Protocol.AWARE, new PrefillMode.Chunked(64)));
  }

  @Test
  void theDigestIsOfWhatItSaysAndNotOfItsLayout() {
    String laidOut =
        """
        # another comment
        - id:   kivi-2bit-near-full
          source: 'KIVI 2402.02750: LongBench-15 38.72 full, 38.30 at 2 bits, LongChat-7B'
          let:
            A: kivi(bits=2,group=32,window=128)
          where: { tasks: "kv,passkey", protocol: blind, prefill: exact, ctx: [ 2k, 4k ] }
          expect: "score(A) >= 0.98 * score(f16)"
        """;
    assertThat(only(laidOut).digest()).isEqualTo(only(KIVI).digest());
    assertThat(only(KIVI.replace("0.98", "0.97")).digest()).isNotEqualTo(only(KIVI).digest());
    assertThat(only(KIVI.replace("128", "32")).digest()).isNotEqualTo(only(KIVI).digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: kivi | idd: kivi | 1: unknown key \"idd\", nearest: id; known: id, source, let, where,"
            + " match, expect, needs",
        "id: kivi-2bit | id: KIVI 2bit | 1: id \"KIVI 2bit-near-full\"; expected small letters,"
            + " digits and hyphens",
        "kivi(bits=2 | kiwi(bits=2 | 3: unknown method \"kiwi\"",
        "kivi(bits=2, | snapkv(keep=0, | 3: ",
        "let: { A: | let: { f16: | 3: plan name \"f16\"; expected letters and digits, and not f16",
        "window=128)\" | window=128) @ protocol=blnd\" | 3: protocol \"blnd\"; expected blind, aware"
            + " or turns",
        "window=128)\" | window=128) @ tag=x\" | 3: \" tag=x\" behind \"@\"; expected protocol=... or"
            + " prefill=...",
        "kv,passkey | kv,paskey | 4: unknown task \"paskey\", nearest: passkey; known: ",
        "kv,passkey | kv,text | 4: score and r are measured on lookups; expected no text or gen",
        "protocol: blind | protocol: seeing | 4: protocol \"seeing\"; expected blind, aware or turns",
        "prefill: exact | prefill: eksact | 4: prefill mode \"eksact\" is unknown",
        "prefill: exact | prefil: exact | 4: unknown key \"prefil\", nearest: prefill; known: tasks,"
            + " protocol, prefill, ctx",
        "[2k, 4k] | [2k, 4m] | 4: ctx \"4m\" is no number of tokens, such as 512 or 4k",
        "score(f16) | score(C) | 5: unknown plan \"C\" in ",
        "score(f16) | kl(A) | 5: \"score(A) >= 0.98 * kl(A)\" mixes what is measured on lookups, on"
            + " texts and as cost; expected one of them",
        "expect: | match: | 5: match \"score(A) >= 0.98 * score(f16)\"; expected bytes",
      })
  void refusesWithLineAndValue(String right, String wrong, String message) {
    String text = KIVI.replace(right, wrong);
    assertThat(text).isNotEqualTo(KIVI);
    if (wrong.startsWith("match")) {
      text += "  expect: kl(A) < 1\n".replace("kl", "score");
    }
    assertRefused(text, "f.yaml:" + message);
  }

  @Test
  void refusesWhatIsNoFamily() {
    assertRefused("", "f.yaml is empty; expected a list of claims");
    assertRefused("- id: a\n  id: b\n", "f.yaml:2: key \"id\" stands twice; expected once");
    assertRefused("- {id: a\n", "f.yaml:2: not YAML: ");
    assertRefused("- just words\n", "f.yaml:1: expected keys and values, found a text");
    assertRefused("[".repeat(100_000), "f.yaml:1: nested deeper than 8");
    assertRefused("- {id: a, source: s}", "f.yaml:1: let is missing; expected one");
    assertRefused("- {source: s, let: {A: q8}, needs: x}", "f.yaml:1: id is missing; expected one");
    assertRefused(
        "- {id: a, source: s, let: {A: q8}}",
        "f.yaml:1: neither expect nor needs is there; expected one of them");
    assertRefused(
        "- {id: a, source: s, let: {A: q8, B: q4}, expect: kl(A) < 1}",
        "f.yaml:1: plan B is not in \"kl(A) < 1\"; expected each in it");
    assertRefused(
        KIVI + "\n" + KIVI, "f.yaml:7: claim kivi-2bit-near-full stands at f.yaml:1 already");
    assertRefused(
        "- {id: a, source: s, let: {A: q8, B: q4}, match: bytes, expect: kl(A) < kl(B)}",
        "f.yaml:1: match moves keep until plans hold equal bytes; expected two plans, one of them");
  }

  private static Claim only(String text) {
    List<Claim> claims = ClaimFile.parse("f.yaml", text);
    assertThat(claims).hasSize(1);
    return claims.getFirst();
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> ClaimFile.parse("f.yaml", text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContainingAny("\n");
  }
}
