package io.ratelimiter.auditor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the packages, each with its reason. */
class ArchitectureTests {

  private static final int MAX_FILES = 16;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ratelimiter.auditor");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          topology       | store streams ops kafka                           | topics separate them: a database outage must not affect a stream thread
          store          | topology completeness streams ops                 | it writes the records of the topics
          store.tables   | kafka                                             | tables are tested without Kafka
          completeness   | topology store streams ops kafka                  | it tracks series, not minutes
          topology.input | completeness                                      | it reads events, and keeps no state
          kafka          | topology completeness store streams ops           | every client of the process uses it
          streams        | ops completeness                                  | it runs the topology and is observed by ops
          """)
  void aPackageDoesNotDependOn(String from, String others, String reason) {
    String[] forbidden =
        java.util.Arrays.stream(others.split(" "))
            .map(name -> "io.ratelimiter.auditor." + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.ratelimiter.auditor." + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .because(reason)
        .check(CLASSES);
  }

  @Test
  void innerPackagesDoNotDependOnTheirParents() {
    for (String child : new String[] {"topology.input", "topology.state", "store.tables"}) {
      noClasses()
          .that()
          .resideInAPackage("io.ratelimiter.auditor." + child)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.ratelimiter.auditor." + child.substring(0, child.indexOf('.')))
          .because("the parent uses it")
          .check(CLASSES);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.ratelimiter.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void topologyAndCompletenessDependNeitherOnSpringNorOnSql() {
    noClasses()
        .that()
        .resideInAnyPackage("..topology..", "..completeness..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..")
        .because("a function from topics to topics is tested without a broker and a database")
        .check(CLASSES);
  }

  @Test
  void noPackageHasMoreThanSixteenFiles() {
    var files =
        CLASSES.stream()
            .filter(JavaClass::isTopLevelClass)
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

    assertThat(files).hasSizeGreaterThan(5);
    assertThat(files).allSatisfy((name, count) -> assertThat(count).isLessThanOrEqualTo(MAX_FILES));
  }
}
