package io.ratelimiter.load.empty;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Accepts checks and answers them as the limiter answers an allowed check, without deciding. */
@RestController
class EmptyController {

  record Question(
      String clientId, @Nullable String limitKey, @Nullable Long cost, @Nullable String tenant) {}

  record Answer(
      boolean allowed,
      long remaining,
      long limit,
      long window,
      double resetAt,
      String decisionId,
      String correlationId,
      String rule,
      long ruleRevision,
      String algorithm,
      String source,
      boolean degraded,
      List<Limit> limits) {}

  record Limit(
      String rule,
      String algorithm,
      long limit,
      long burst,
      long window,
      long remaining,
      double resetAt,
      boolean allowed,
      String mode) {}

  private static final List<Limit> LIMITS =
      List.of(
          new Limit(
              "default",
              "token_bucket",
              10_000_000,
              10_000_000,
              60,
              9_999_999,
              1_795_516_257.866,
              true,
              "enforce"));

  @PostMapping("/v1/check")
  Answer check(@RequestBody Question question) {
    return new Answer(
        true,
        9_999_999,
        10_000_000,
        60,
        1_795_516_257.866,
        "tc65c7d7oh99m555-1a2b",
        question.clientId(),
        "default",
        1,
        "token_bucket",
        "redis",
        false,
        LIMITS);
  }

  @GetMapping("/readyz")
  String ready() {
    return "ready";
  }
}
