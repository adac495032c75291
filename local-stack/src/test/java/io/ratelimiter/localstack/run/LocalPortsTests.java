package io.ratelimiter.localstack.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalPortsTests {

  private static final LocalPorts DEFAULT = LocalPorts.from(Map.of());

  @Test
  void theDefaultPortsAreThoseOfTheDocumentation() {
    assertThat(DEFAULT).isEqualTo(new LocalPorts(8000, 0, 8010, 16379, 15432, 19092));
  }

  @Test
  void everyPortHasItsVariable() {
    Map<String, String> environment =
        Map.of(
            "PORT",
            "1",
            "CHECK_PORT",
            "0",
            "AUDITOR_PORT",
            "3",
            "LOCAL_REDIS_PORT",
            "4",
            "LOCAL_POSTGRES_PORT",
            "5",
            "LOCAL_KAFKA_PORT",
            "6");

    assertThat(LocalPorts.from(environment)).isEqualTo(new LocalPorts(1, 0, 3, 4, 5, 6));
  }

  @ParameterizedTest
  @CsvSource({
    "PORT,0",
    "PORT,65536",
    "LOCAL_KAFKA_PORT,many",
    "CHECK_PORT,-1",
    "PORT,+80",
    "PORT,٨٠٠٠"
  })
  void anInvalidPortIsReportedWithItsVariable(String variable, String value) {
    assertThatThrownBy(() -> LocalPorts.from(Map.of(variable, value)))
        .isInstanceOfSatisfying(UserError.class, e -> assertThat(e.exitCode()).isEqualTo(1))
        .hasMessageStartingWith(variable + "=" + value + ": a port is a number from ");
  }

  @Test
  void everyTakenPortIsReportedWithItsVariable() {
    Set<Integer> taken = Set.of(8000, 8003, 19092);

    LocalPorts withChecks = LocalPorts.from(Map.of("CHECK_PORT", "8001"));
    assertThatThrownBy(() -> withChecks.requireFree(2, port -> !taken.contains(port)))
        .hasMessage(
            """
            port 8000 (PORT) is taken
            port 8003 (CHECK_PORT+2) is taken
            port 19092 (LOCAL_KAFKA_PORT) is taken
            Set the variable to a free port, or end what listens there.\
            """);
  }

  @Test
  void unusedPortsNeedNotBeFree() {
    LocalPorts withoutCheck = LocalPorts.from(Map.of("CHECK_PORT", "0"));

    assertThatCode(() -> withoutCheck.requireFree(1, port -> !Set.of(8001, 8002, 0).contains(port)))
        .doesNotThrowAnyException();
  }

  @Test
  void onePortForTwoVariablesIsReported() {
    LocalPorts twice = LocalPorts.from(Map.of("AUDITOR_PORT", "8002"));

    assertThatThrownBy(() -> twice.requireFree(2, port -> true))
        .hasMessageStartingWith("port 8002 is both PORT+2 and AUDITOR_PORT");
  }
}
