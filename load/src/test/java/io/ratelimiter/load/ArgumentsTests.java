package io.ratelimiter.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTests {

  @Test
  void withoutArgumentsAllMeasuresAreTaken() {
    Arguments arguments = Arguments.parse();

    assertThat(arguments.measures()).isEmpty();
    assertThat(arguments.runs()).isEqualTo(5);
    assertThat(arguments.jvm()).contains("-XX:MaxRAM=640m");
  }

  @Test
  void measuresAndOptionsMayBeMixed() {
    Arguments arguments =
        Arguments.parse("B1", "--runs", "7", "--jvm", "-Xmx1g -XX:+UseSerialGC", "B10");

    assertThat(arguments.measures()).containsExactly("B1", "B10");
    assertThat(arguments.runs()).isEqualTo(7);
    assertThat(arguments.run()).isEqualTo(Duration.ofSeconds(8));
    assertThat(arguments.jvm()).isEqualTo(List.of("-Xmx1g", "-XX:+UseSerialGC"));
  }

  @Test
  void wrongArgumentsAreReportedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arguments.parse("B11"))
        .withMessageContaining("B11");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arguments.parse("--runs", "0"))
        .withMessageContaining("--runs");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Arguments.parse("--jvm"))
        .withMessageContaining("--jvm");
  }
}
