package io.ratelimiter.auditor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ratelimiter.auditor");

  @Test
  void topologyAndStoreDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("..topology..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..store..", "..ops..")
        .because("topics are the seam: a database outage must not reach a stream thread")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("..store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..topology..", "..completeness..", "..ops..")
        .because("what is written is what stands on the topics")
        .check(classes);
  }

  @Test
  void topologyAndCompletenessKnowNeitherSpringNorSql() {
    noClasses()
        .that()
        .resideInAnyPackage("..topology..", "..completeness..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..")
        .because("a function from topics to topics is tested without a broker and a database")
        .check(classes);
  }

  @Test
  void completenessStandsAlone() {
    noClasses()
        .that()
        .resideInAPackage("..completeness..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..topology..", "..store..", "..ops..")
        .because("it knows series, and nothing of minutes")
        .check(classes);
  }
}
