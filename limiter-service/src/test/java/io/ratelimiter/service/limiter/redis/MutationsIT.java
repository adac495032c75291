package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Breaks each script file in at least five ways and verifies that a test fails each time; writes
 * {@code target/mutation-report.md}. {@code -Dmutants.files=waiting,settle} limits it to these
 * files.
 */
@Tag("faults")
class MutationsIT {

  /**
   * The tests of which one must fail; without the differential test, which fails for nearly all.
   */
  private static final List<Class<?>> TESTS =
      List.of(
          Redis62StateIT.class,
          SettlementStateIT.class,
          Redis62ForeignValuesIT.class,
          Redis62LimiterIT.class,
          ConcurrentChecksIT.class);

  static {
    // Fewer runs of the random tests, which run once for each mutant.
    System.setProperty("retry.runs", "60");
  }

  private static final class Failed implements TestExecutionListener {
    private final Set<String> tests = new LinkedHashSet<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        tests.add(
            test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName())
                .orElseGet(test::getDisplayName));
      }
    }
  }

  @Test
  void aTestFailsForEveryBrokenScript() throws Exception {
    List<Mutant> mutants = Mutant.all();
    String files = System.getProperty("mutants.files", "");
    assertThat(failing()).as("tests that fail with the correct scripts").isEmpty();
    StringBuilder table = new StringBuilder("| file | broken | failing tests |\n|---|---|---|\n");
    List<Mutant> survivors = new ArrayList<>();
    for (int number = 0; number < mutants.size(); number++) {
      if (!files.isEmpty() && !List.of(files.split(",")).contains(mutants.get(number).file())) {
        continue;
      }
      Set<String> failing;
      try (AutoCloseable _ = Mutant.activate(number)) {
        failing = failing();
      }
      Mutant mutant = mutants.get(number);
      if (failing.isEmpty()) {
        survivors.add(mutant);
      }
      table.append("| %s | %s | %s |\n".formatted(mutant.file(), mutant.what(), summary(failing)));
    }
    write(table.toString());
    assertThat(survivors).isEmpty();
  }

  private static Set<String> failing() {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(TESTS.stream().map(test -> selectClass(test)).toList())
            .filters(TagFilter.excludeTags("full"))
            .build();
    Failed failed = new Failed();
    try (LauncherSession session = LauncherFactory.openSession()) {
      Launcher launcher = session.getLauncher();
      launcher.execute(request, failed);
    }
    return failed.tests;
  }

  private static String summary(Set<String> tests) {
    List<String> first = tests.stream().limit(2).toList();
    String more = tests.size() > 2 ? " and " + (tests.size() - 2) + " more" : "";
    return tests.isEmpty() ? "**nothing**" : String.join(", ", first) + more;
  }

  private static void write(String table) throws IOException {
    Files.writeString(
        Files.createDirectories(Path.of("target")).resolve("mutation-report.md"), table);
    System.out.println(table);
  }
}
