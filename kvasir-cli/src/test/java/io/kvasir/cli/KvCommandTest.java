package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kv.MethodInfo;
import io.kvasir.kv.Methods;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KvCommandTest {
  @Test
  void showExplainsEveryMethodWithinTheWidthOfATerminal() {
    for (MethodInfo method : Methods.all().list()) {
      Cli.Ran ran = Cli.run("kv", "show", method.name());
      assertThat(ran.exit()).isZero();
      String text = ran.out().replaceAll("\\s+", " ");
      assertThat(text)
          .startsWith(method.name() + " (")
          .contains(method.summary(), method.about(), method.source(), method.cost());
      assertThat(method.params())
          .allSatisfy(param -> assertThat(text).contains(" " + param.name() + " " + param.doc()));
      assertThat(ran.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    }
  }

  @Test
  void showAsJsonHasTheSame() {
    Map<String, Object> gear = Cli.run("kv", "show", "gear", "--json").json();
    assertThat(gear).containsEntry("name", "gear").containsEntry("role", "codec");
    assertThat(gear.get("about")).asString().contains("thin matrices");
  }

  @Test
  void listNamesEveryMethodOnce() {
    String out = Cli.run("kv", "list").out();
    assertThat(Methods.all().list())
        .allSatisfy(method -> assertThat(out).containsOnlyOnce("  " + method.name() + "  "));
  }

  @Test
  void aNameThatIsNoneIsAnsweredWithTheNearest() {
    Cli.Ran ran = Cli.run("kv", "show", "geer");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("\"geer\"").contains("gear").hasLineCount(1);
  }
}
