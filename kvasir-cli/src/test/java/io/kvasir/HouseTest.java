package io.kvasir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of the house: a room may only know the rooms below it. */
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kvasir");

  @Test
  void theKernelKnowsNobody() {
    noClasses()
        .that()
        .resideInAPackage("io.kvasir.kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.kvasir.kv..", "io.kvasir.engine..", "io.kvasir.eval..", "io.kvasir.cli..")
        .because("kvasir-kernel is the ground: a class that knows of caches belongs in kvasir-kv")
        .check(HOUSE);
  }

  @Test
  void theCacheKnowsNoModelsFilesOrCommands() {
    noClasses()
        .that()
        .resideInAPackage("io.kvasir.kv..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.kvasir.engine..",
            "io.kvasir.eval..",
            "io.kvasir.cli..",
            "java.net..",
            "java.nio.file..",
            "tools.jackson..")
        .because("what knows of models or files belongs in kvasir-engine")
        .check(HOUSE);
  }

  @Test
  void theEngineKnowsNoCommands() {
    noClasses()
        .that()
        .resideInAnyPackage("io.kvasir.engine..", "io.kvasir.eval..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.kvasir.cli..", "picocli..", "org.jline..", "me.tongfei..")
        .because("what talks to a terminal belongs in kvasir-cli")
        .check(HOUSE);
  }

  @Test
  void theEngineIsNotMeasuredFromWithin() {
    noClasses()
        .that()
        .resideInAPackage("io.kvasir.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.kvasir.eval..")
        .because("what weighs plans belongs in kvasir-eval")
        .check(HOUSE);
  }

  @Test
  void vectorsStayOnTheGroundAndInTheCodecs() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.kvasir.kernel..", "io.kvasir.kv.codec..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .because(
            "a loop over lanes is a kernel and belongs in kvasir-kernel, beside its scalar twin")
        .check(HOUSE);
  }

  @Test
  void methodsAreReachedThroughTheirRegistriesOnly() {
    classes()
        .that()
        .areAnnotatedWith("io.kvasir.kv.KvMethod")
        .should()
        .notBePublic()
        .andShould()
        .beRecords()
        .because("a method is one package-private record; plans name it, nobody else does")
        .check(HOUSE);
  }

  @Test
  void packagesOfAModuleHaveNoCycles() {
    slices().matching("io.kvasir.engine.(*)..").should().beFreeOfCycles().check(HOUSE);
    slices()
        .matching("io.kvasir.eval.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(HOUSE);
    slices()
        .matching("io.kvasir.cli.(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(HOUSE);
  }
}
