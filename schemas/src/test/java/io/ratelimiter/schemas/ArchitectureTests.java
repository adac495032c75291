package io.ratelimiter.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, each with its reason. */
class ArchitectureTests {

  private static final String ROOT = "io.ratelimiter.schemas";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void eventsDoNotDependOnTheirTopicsOrTheAuditorsRecords() {
    noClasses()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".audit", ROOT + ".topics")
        .because("an event has the same form wherever it is stored")
        .check(CLASSES);
  }

  @Test
  void jsonDependsOnNoEvent() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".json")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".audit", ROOT + ".topics")
        .because("the HTTP answers are written with it too")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.ratelimiter.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void noServiceAndNoSpringIsNeededToReadATopic() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "io.ratelimiter.service..", "io.ratelimiter.auditor..")
        .because("other consumers use this module as well")
        .check(CLASSES);
  }
}
