package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.LimiterProcess;
import io.ratelimiter.service.api.contract.HeldBuckets;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.RawCaller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The max number of held answers, on a process with the image's heap. */
@Tag("faults")
@LocalStack
class HeldCallersIT {

  /** 36 % of 640 MiB, as in the image. */
  private static final String IMAGE_HEAP = "-Xmx230m";

  private static final int CALLERS = HeldAnswers.MAX + 1;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern REST =
      Pattern.compile("\"wait_ms\":(\\d+)(?:,\"held_ms\":(\\d+))?");

  private final LimiterProcess limiter;
  private final HttpCaller http;
  private final List<RawCaller> callers = new ArrayList<>();

  HeldCallersIT(RedisServer redis, @TempDir Path folder) {
    redis.command("flushall");
    limiter =
        new LimiterProcess(
                folder,
                Map.of(
                    "REDIS_PORT",
                    Integer.toString(redis.port()),
                    "REDIS_TIMEOUT_MS",
                    "2000",
                    "RULES_FILE",
                    HeldBuckets.rulesFile(),
                    "DRAIN",
                    "1s"),
                IMAGE_HEAP,
                "-Xlog:gc")
            .awaitReady();
    http = new HttpCaller(limiter.url());
  }

  @AfterEach
  void stop() throws IOException {
    for (RawCaller caller : callers) {
      caller.close();
    }
    limiter.close();
  }

  @Test
  void tenThousandAnswersAreHeldAndOneMoreComesAtOnceAndAStopReleasesAll() throws IOException {
    // The bucket is empty, and its units of the next 20 s are taken, so that each caller waits.
    http.check(HeldBuckets.check(20_000));
    http.check(HeldBuckets.check(20_000).replace("true", "false"));
    String request = HeldBuckets.request(HeldBuckets.check(1));
    for (int i = 0; i < CALLERS; i++) {
      callers.add(new RawCaller(limiter.url()).send(request));
    }
    Awaitility.await().atMost(LIMIT).until(() -> HeldBuckets.held(http) == HeldAnswers.MAX);
    Awaitility.await().atMost(LIMIT).until(() -> answered() == 1);
    assertThat(http.check("{\"client_id\":\"healthy\"}").status()).isEqualTo(200);

    limiter.terminate();
    int released = 0;
    int atOnce = 0;
    for (RawCaller caller : callers) {
      Matcher rest = REST.matcher(caller.readToEnd(LIMIT));
      assertThat(rest.find()).isTrue();
      assertThat(Long.parseLong(rest.group(1))).isPositive();
      if (rest.group(2) == null) {
        atOnce++;
      } else {
        released++;
      }
    }
    assertThat(atOnce).isEqualTo(1);
    assertThat(released).isEqualTo(HeldAnswers.MAX);
    assertThat(limiter.output()).doesNotContain("OutOfMemory");
  }

  private int answered() throws IOException {
    int answered = 0;
    for (RawCaller caller : callers) {
      answered += caller.answered() ? 1 : 0;
    }
    return answered;
  }
}
