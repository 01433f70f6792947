package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.merge.Eviction;
import io.kvasir.kv.merge.Merger;
import io.kvasir.kv.score.Scorer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodsTest {
  private static final Methods OURS = Methods.with(List.of(Twice.class));

  /** A wrapper with a parameter of every type. */
  @KvMethod(value = "twice", summary = "doubles another", source = "this test", cost = "nothing")
  record Twice(
      @Param(value = "knorm", doc = "whose scores") Scorer of,
      @Param(value = "1", doc = "any whole number") long shift,
      @Param(value = "-0.5", max = 8, doc = "a factor") double factor,
      @Param(value = "lower-half", name = "which-half", doc = "a choice") Half whichHalf)
      implements Scorer {
    enum Half {
      LOWER_HALF,
      UPPER_HALF
    }

    Twice {
      if (shift == 13) {
        throw new IllegalStateException("no 13");
      }
    }

    @Override
    public Signals needs() {
      return of.needs();
    }

    @Override
    public void score(LayerView layer, float[][] scores) {
      of.score(layer, scores);
    }
  }

  @KvMethod(value = "knorm", summary = "a taken name", source = "this test", cost = "nothing")
  record Thief() implements Merger {
    @Override
    public void merge(Eviction eviction) {}
  }

  @KvMethod(value = "bare", summary = "has no role", source = "this test", cost = "nothing")
  record Bare() {}

  @KvMethod(value = "Upper", summary = "a bad name", source = "this test", cost = "nothing")
  record Upper() implements Merger {
    @Override
    public void merge(Eviction eviction) {}
  }

  @KvMethod(value = "text", summary = "a bad type", source = "this test", cost = "nothing")
  record Text(@Param(value = "a", doc = "no plan text has this type") String a) implements Merger {
    @Override
    public void merge(Eviction eviction) {}
  }

  @KvMethod(value = "range", summary = "a bad default", source = "this test", cost = "nothing")
  record Range(@Param(value = "0", min = 1, doc = "out of its range") int a) implements Merger {
    @Override
    public void merge(Eviction eviction) {}
  }

  public static final class Provider implements KvMethodProvider {
    @Override
    public List<Class<?>> methods() {
      return List.of(Twice.class);
    }
  }

  public static final class WrongProvider implements KvMethodProvider {
    @Override
    public List<Class<?>> methods() {
      return List.of(Thief.class);
    }
  }

  @Test
  void everyMethodOfOursIsExplainedInAParagraph() {
    assertThat(Methods.builtIn().list())
        .allSatisfy(
            method ->
                assertThat(method.about()).as(method.name()).hasSizeBetween(40, 600).endsWith("."));
  }

  @Test
  void everyMethodSaysWhatItIs() {
    for (MethodInfo info : Methods.builtIn().list()) {
      assertThat(List.of(info.name(), info.summary(), info.source(), info.cost()))
          .as(info.name())
          .noneMatch(String::isBlank);
      assertThat(info.params()).as(info.name()).noneMatch(param -> param.doc().isBlank());
    }
  }

  @Test
  void everyRoleHasItsNeutralMethod() {
    for (Role role : Role.values()) {
      role.neutral()
          .ifPresent(name -> assertThat(Methods.builtIn().find(name).role()).isEqualTo(role));
    }
  }

  @Test
  void listFollowsTheOrderOfRoles() {
    assertThat(Methods.all().list()).extracting(MethodInfo::role).isSorted();
  }

  @Test
  void describesParameters() {
    MethodInfo snapKv = Methods.all().find("snapkv");
    assertThat(snapKv.params())
        .containsExactly(
            new ParamInfo("window", "whole number, 1 to 4096", "32", "recent queries that vote"),
            new ParamInfo("kernel", "whole number, 1 to 1023", "5", "pooling width, odd"),
            new ParamInfo(
                "pool", "one of mean, max", "mean", "how votes of neighbours are pooled"));
    assertThat(snapKv.signals())
        .containsExactlyInAnyOrder(Signals.Kind.ROPED_KEYS, Signals.Kind.RECENT_QUERIES);
    assertThat(OURS.find("twice").params())
        .extracting(ParamInfo::expects)
        .containsExactly(
            "scorer, with its own parameters",
            "whole number",
            "number, at most 8",
            "one of lower-half, upper-half");
  }

  @Test
  void unknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> Methods.all().find("snapvk"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("unknown method \"snapvk\"; nearest: snapkv (scorer). All: kvasir kv list");
  }

  @Test
  void wrappersTakeMethodsWithTheirOwnParameters() {
    KvPlan plan =
        KvPlan.parse(
            "twice(keep=9,of=twice(of=snapkv(window=4),which-half=upper-half),factor=3)", OURS);
    assertThat(plan)
        .hasToString(
            "twice(keep=9,of=twice(of=snapkv(window=4,kernel=5,pool=mean),shift=1,factor=-0.5,"
                + "which-half=upper-half),shift=1,factor=3,which-half=lower-half) | f16");
    assertThat(KvPlan.parse(plan.toString(), OURS)).isEqualTo(plan);
    assertThat(plan.signals().recentQueries()).isEqualTo(4);
  }

  @Test
  void wrongMethodsInsideWrappersAreRefused() {
    assertRefused("twice(keep=9,of=q8)", "twice: of=q8 is a codec; expected a scorer");
    assertRefused("twice(keep=9,of=9)", "twice: of=9 is not one of the scorers");
    assertRefused(
        "twice(keep=9,of=snapvk)",
        "unknown method \"snapvk\"; nearest: snapkv (scorer). All: kvasir kv list");
    assertRefused(
        "twice(of=knorm(keep=9))",
        "twice: of=knorm(keep=9) names keep, which stands on the outermost method");
    assertRefused("twice(keep=9,factor=9)", "twice: factor=9 is out of range; expected at most 8");
    assertRefused("twice(keep=9,shift=13)", "twice: java.lang.IllegalStateException: no 13");
  }

  private static void assertRefused(String text, String sentence) {
    assertThatThrownBy(() -> KvPlan.parse(text, OURS))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(sentence);
  }

  @Test
  void classesThatAreNoMethodsAreRefused() {
    assertNoMethod(Thief.class, "the method name \"knorm\" is taken");
    assertNoMethod(Bare.class, "expected a record that implements the interface of one role");
    assertNoMethod(String.class, "has no @KvMethod");
    assertNoMethod(Upper.class, "the name \"Upper\" may have only a-z, 0-9, - and _");
    assertThatThrownBy(() -> Methods.with(List.of(Text.class)))
        .hasMessage(
            "text: a is a String; expected int, long, double, an enum or the interface of a role");
    assertThatThrownBy(() -> Methods.with(List.of(Range.class)))
        .hasMessage("range: a=0 is out of range; expected at least 1");
  }

  private static void assertNoMethod(Class<?> type, String reason) {
    assertThatThrownBy(() -> Methods.with(List.of(type)))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(type.getName() + ": " + reason);
  }

  @Test
  void providersOnTheClassPathBringTheirMethods(@TempDir Path folder) throws IOException {
    try (URLClassLoader loader = providing(folder, Provider.class)) {
      assertThat(Methods.load(loader).get().find("twice").role()).isEqualTo(Role.SCORER);
    }
  }

  @Test
  void wrongProviderIsRefusedEachTimePlansAreRead(@TempDir Path folder) throws IOException {
    try (URLClassLoader loader = providing(folder, WrongProvider.class)) {
      var methods = Methods.load(loader);
      for (int time = 0; time < 2; time++) {
        assertThatThrownBy(methods::get)
            .isInstanceOf(KvPlanException.class)
            .hasMessage(
                "a provider of methods was refused: io.kvasir.kv.MethodsTest$Thief: the method name"
                    + " \"knorm\" is taken");
      }
    }
  }

  private static URLClassLoader providing(Path folder, Class<?> provider) throws IOException {
    Path file = folder.resolve("META-INF/services/" + KvMethodProvider.class.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, provider.getName());
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, MethodsTest.class.getClassLoader());
  }
}
