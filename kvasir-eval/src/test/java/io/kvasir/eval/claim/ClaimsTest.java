package io.kvasir.eval.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import io.kvasir.kv.MethodInfo;
import io.kvasir.kv.Methods;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsTest {
  private static final List<Claim> ALL =
      Claims.all().stream().flatMap(family -> family.claims().stream()).toList();

  /** Where this fails: add an entry with the headline of the method's paper to a YAML file. */
  @Test
  void everyMethodHasAnEntry() {
    Set<String> named =
        ALL.stream()
            .flatMap(claim -> claim.let().values().stream())
            .flatMap(plan -> Pattern.compile("[^a-z0-9_-]+").splitAsStream(plan.text()))
            .collect(Collectors.toSet());
    assertThat(named)
        .as("methods named by src/main/resources/io/kvasir/eval/claim/*.yaml")
        .containsAll(Methods.builtIn().list().stream().map(MethodInfo::name).toList());
  }

  @Test
  void everyEntryIsSourcedAndUnique() {
    assertThat(ALL).extracting(Claim::id).doesNotHaveDuplicates();
    assertThat(ALL).allSatisfy(claim -> assertThat(claim.source()).contains(":"));
    assertThat(ALL)
        .extracting(Claim::place)
        .allSatisfy(place -> assertThat(place).matches("[a-z0-9-]+\\.yaml:[0-9]+"));
  }

  @Test
  void aFamilyIsFoundByItsNameOrAsAFile(@TempDir Path folder) throws Exception {
    assertThat(Claims.find("kivi").claims()).extracting(Claim::id).contains("kivi-2bit-near-full");
    Path mine = folder.resolve("mine.yaml");
    Files.writeString(mine, "- {id: a, source: s, let: {A: q8}, expect: kl(A) < 1}");
    assertThat(Claims.find(mine.toString()).name()).isEqualTo("mine");
    Files.writeString(mine, "- {id: a}");
    assertThatThrownBy(() -> Claims.find(mine.toString()))
        .hasMessage(mine + ":1: let is missing; expected one");
    assertThatThrownBy(() -> Claims.find("kiwi"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(
            "\"kiwi\" is neither a file nor a family of claims, nearest: kivi; known: ");
  }
}
