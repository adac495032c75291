package io.ratelimiter.service.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.page.Comparison.Run;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTests {

  private static Map<String, Run> runs(long limit, long window, String bursts) {
    return Comparison.of(limit, window, Burst.read(bursts)).runs().stream()
        .collect(Collectors.toMap(Run::algorithm, run -> run));
  }

  @Test
  void onlyTheFixedWindowAllowsTwiceTheLimitAroundItsEnd() {
    Map<String, Run> runs = runs(10, 10, "9700:10:20,10050:10:20");
    assertThat(runs.get("fixed_window").maxInWindow()).isEqualTo(20);
    assertThat(runs.get("token_bucket").maxInWindow()).isEqualTo(10);
    assertThat(runs.get("sliding_window").maxInWindow()).isEqualTo(10);
    assertThat(runs.get("sliding_window_counter").maxInWindow()).isEqualTo(10);
  }

  @Test
  void inAFloodABucketAllowsItsBurstAndTheRefill() {
    Map<String, Run> runs = runs(10, 10, "0:300:100");
    assertThat(runs.get("token_bucket").maxInWindow()).isBetween(11, 20);
    assertThat(runs.get("token_bucket").allowedCount()).isEqualTo(10 + 29);
    assertThat(runs.get("sliding_window").maxInWindow()).isEqualTo(10);
    assertThat(runs.get("sliding_window").allowedCount()).isEqualTo(30);
  }

  @Test
  void anEvenRateAtTheLimitPassesExceptForTheEstimate() {
    Map<String, Run> runs = runs(10, 10, "0:30:1000");
    assertThat(runs.get("token_bucket").allowedCount()).isEqualTo(30);
    assertThat(runs.get("fixed_window").allowedCount()).isEqualTo(30);
    assertThat(runs.get("sliding_window").allowedCount()).isEqualTo(30);
    // At the start of a window the whole previous one still counts.
    assertThat(runs.get("sliding_window_counter").allowedCount()).isBetween(27L, 29L);
  }

  @Test
  void overlappingBurstsAreCheckedInOrderOfTime() {
    Comparison comparison = Comparison.of(5, 1, Burst.read("0:3:100,50:3:100"));
    assertThat(comparison.atMillis()).isEqualTo(List.of(0L, 50L, 100L, 150L, 200L, 250L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1:2",
        "1:2:3:4",
        "a:1:1",
        "-1:1:1",
        "0:0:1",
        "0:1001:1",
        "3600001:1:1",
        "0:1:3600001",
        "0:600:1,0:600:1",
        "0:1:1,0:1:1,0:1:1,0:1:1,0:1:1,0:1:1,0:1:1,0:1:1,0:1:1"
      })
  void expensiveOrInvalidBurstsAreRefused(String bursts) {
    assertThatThrownBy(() -> Burst.read(bursts)).isInstanceOf(ProblemException.class);
  }
}
