package io.kvasir.eval.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private List<SweepPlan> read(String text) throws IOException {
    return PlanFile.read(write("plans.txt", text));
  }

  @Test
  void theExampleIsAProductWithTheLeftmostSetOutermost() throws IOException {
    List<SweepPlan> plans =
        read(
            """
            # what is weighed
            let K = {50%,25%,512}
            snap = snapkv(keep=$K) | protect(sinks=4,recent=64) | kivi(bits={2,4}) @ prefill=exact

            """);
    assertThat(plans)
        .extracting(SweepPlan::label)
        .containsExactly(
            "snap keep=50%,bits=2",
            "snap keep=50%,bits=4",
            "snap keep=25%,bits=2",
            "snap keep=25%,bits=4",
            "snap keep=512,bits=2",
            "snap keep=512,bits=4");
    assertThat(plans).allMatch(plan -> plan.family().equals("snap"));
    SweepPlan last = plans.getLast();
    assertThat(last.plan())
        .isEqualTo(KvPlan.parse("snapkv(keep=512) | protect(sinks=4,recent=64) | kivi(bits=4)"));
    assertThat(last.prefill()).hasValue(PrefillMode.EXACT);
    assertThat(last.tag()).isEmpty();
    assertThat(last.place()).isEqualTo(folder.resolve("plans.txt") + ":3:1");
  }

  @Test
  void aPlanWithoutALabelIsCalledWhatItSays() throws IOException {
    SweepPlan plan =
        read("  k:q8 | v:q4 @ tag = small codes , prefill=chunked:256 # so\n").getFirst();
    assertThat(plan.label()).isEqualTo("k:q8 | v:q4");
    assertThat(plan.tag()).hasValue("small codes");
    assertThat(plan.prefill()).hasValue(new PrefillMode.Chunked(256));
    assertThat(plan.place()).endsWith(":1:3");
    List<SweepPlan> both = read("kivi(bits={2,4})\n");
    assertThat(both).extracting(SweepPlan::label).containsExactly("kivi(bits=2)", "kivi(bits=4)");
    assertThat(both).allMatch(one -> one.family().equals("kivi(bits={2,4})"));
  }

  @Test
  void layersBeginAPlanAndNotALabel() throws IOException {
    assertThat(read("edges = layers=0-1: f16 | q4\nlayers=0-3:q8 | q4\n"))
        .extracting(SweepPlan::label)
        .containsExactly("edges", "layers=0-3:q8 | q4");
  }

  @Test
  void aNameStandsForItsSetInASetToo() throws IOException {
    List<SweepPlan> plans =
        read("let SMALL = {2}\nlet B = { $SMALL , 4 }\nkivi(bits=$B,window={64,128})\n");
    assertThat(plans)
        .extracting(SweepPlan::choices)
        .containsExactly(
            List.of("bits=2", "window=64"),
            List.of("bits=2", "window=128"),
            List.of("bits=4", "window=64"),
            List.of("bits=4", "window=128"));
  }

  @Test
  void aFileIncludesOthersFromBesideItselfEachOnce() throws IOException {
    write("sets/keep.txt", "let K = {25%,50%}\n");
    write("sets/more.txt", "include \"keep.txt\"\nrandom(keep=$K)\n");
    List<SweepPlan> plans =
        read("include \"sets/keep.txt\"\ninclude \"sets/more.txt\" # both\nknorm(keep=$K)\n");
    assertThat(plans)
        .extracting(SweepPlan::label)
        .containsExactly(
            "random(keep=25%)", "random(keep=50%)", "knorm(keep=25%)", "knorm(keep=50%)");
    assertThat(plans.getFirst().place()).isEqualTo(folder.resolve("sets/more.txt") + ":2:1");
  }

  @Test
  void filesThatIncludeEachOtherAreRefused() throws IOException {
    write("a.txt", "q8\ninclude \"b.txt\"\n");
    Path b = write("b.txt", "include \"a.txt\"\n");
    assertThatThrownBy(() -> PlanFile.read(folder.resolve("a.txt")))
        .isInstanceOf(InputException.class)
        .hasMessage(b + ":1:1: files include each other: a.txt -> b.txt -> a.txt");
  }

  @Test
  void includingWhatIsNotThereIsTheLinesFault() throws IOException {
    assertThatThrownBy(() -> read("q8\ninclude \"none.txt\"\n"))
        .hasMessage(
            "%s:2:1: %s is no file; expected one with plans or sets",
            folder.resolve("plans.txt"), folder.resolve("none.txt"));
  }

  @Test
  void whatIsWrongInAnIncludedFileIsItsOwnFault() throws IOException {
    Path bad = write("bad.txt", "\nkivi(bits={})\n");
    assertThatThrownBy(() -> read("include \"bad.txt\"\n"))
        .hasMessage(bad + ":2:12: a set has an empty value; expected for example {2,4}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      textBlock =
          """
          kivi(bits={2,2})       ! 1:14: "2" stands twice in a set; expected once
          kivi(bits={2           ! 1:13: expected "}" or "," after a value of a set, found the end of the line
          kivi(bits=$B)          ! 1:11: $B is not defined; expected a line "let B = {...}" before this one
          {q8,q4}                ! 1:1: a set stands in the place of a value, behind "key=", and nowhere else
          kivi({2,4})            ! 1:6: a set stands in the place of a value, behind "key=", and nowhere else
          let = q8               ! 1:5: expected the name of a set after "let", found "="
          let K {2}              ! 1:7: expected "=" after "K", found "{"
          let K = 2              ! 1:9: expected "{" before the values of a set, found "2"
          let K = {2} q8         ! 1:13: expected the end of the line, found "q"
          include plans.txt      ! 1:9: expected ""\" before the name of a file, found "p"
          include "plans.txt     ! 1:9: the name of a file has no end; expected a second "
          q8 @                   ! 1:5: expected prefill or tag after "@", found the end of the line
          q8 @ prefil=exact      ! 1:6: unknown key "prefil", nearest: prefill; known: prefill, tag
          q8 @ tag=              ! 1:10: tag has no value; expected one behind "="
          q8 @ tag=a,tag=b       ! 1:12: tag stands twice; expected once
          q8 @ prefill=fast      ! 1:14: prefill mode "fast" is unknown; expected exact, coded or chunked:n, for example chunked:512
          snap=snapvk(keep=25%)  ! 1:6: unknown method "snapvk" in "snapvk(keep=25%)"; nearest: snapkv (scorer). All: kvasir kv list
          snapkv(keep=25%) | q99 ! 1:20: unknown method "q99" in "snapkv(keep=25%) | q99"; nearest: q4 (codec), q8 (codec). All: kvasir kv list
          snapkv(keep=0)         ! 1:1: keep=0
          label =                ! 1:8: the plan is empty; expected methods separated by "|", for example snapkv(keep=25%) | q8
          """)
  void errorsSayWhereAndWhatWasExpected(String line, String message) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("plans.txt") + ":" + message);
  }

  @Test
  void whatStandsTwiceIsRefusedWithBothPlaces() {
    Path file = folder.resolve("plans.txt");
    assertThatThrownBy(() -> read("let K={1}\nlet K={2}\n"))
        .hasMessage("%s:2:5: $K stands at %s:1:5 already", file, file);
    assertThatThrownBy(() -> read("a=q8\na=q4\n"))
        .hasMessage("%s:2:1: label a stands at %s:1:1 already", file, file);
    assertThatThrownBy(() -> read("knorm(keep=25%)\n x = q8\ny =knorm(keep={50%,25%})|f16\n"))
        .hasMessage("%s:3:4: knorm(keep=25%%) | f16 stands at %s:1:1 already", file, file);
  }

  @Test
  void anotherPrefillMakesAnotherEntry() throws IOException {
    assertThat(read("q8 @ prefill=exact\nq8 @ prefill=coded\n")).hasSize(2);
  }

  @Test
  void anUndefinedNameGetsItsNearest() {
    assertThatThrownBy(() -> read("let KEEP={1}\nknorm(keep=$KEP)\n"))
        .hasMessageContaining(":2:12: $KEP is not defined, nearest: $KEEP; expected a line");
  }

  @Test
  void productsAndLinesHaveLimits() {
    String sixteen = "{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16}";
    String product = "snapkv(a=%1$s,b=%1$s,c=%1$s,d=%1$s)".formatted(sixteen);
    assertThatThrownBy(() -> read(product))
        .hasMessageContaining("the line stands for more than 4096 plans");
    assertThatThrownBy(() -> read("q8(" + " ".repeat(70_000)))
        .hasMessageEndingWith(":1:1: the line has 70003 characters; expected at most 65536");
    assertThatThrownBy(() -> read("kivi(bits=" + "{".repeat(100)))
        .hasMessageContaining("sets are nested deeper than 8");
  }

  @Test
  void aFileWithoutAPlanIsRefused() {
    assertThatThrownBy(() -> read("# nothing\nlet K={1}\n"))
        .hasMessage(
            "%s names no plan; expected one in a line, such as kivi(bits=2)",
            folder.resolve("plans.txt"));
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path file = folder.resolve("plans.txt");
    Files.write(file, new byte[] {'q', '8', (byte) 0xFF});
    assertThatThrownBy(() -> PlanFile.read(file))
        .hasMessage(file + " is not UTF-8: byte 2 is 0xff");
    assertThatThrownBy(() -> PlanFile.read(folder))
        .hasMessage(folder + " is not a regular file; expected a text file");
    assertThatThrownBy(() -> read("q8 \0 and more"))
        .hasMessageContaining(":1:1: expected \"|\" or the end of the plan, found \"\\u0000\"");
  }
}
