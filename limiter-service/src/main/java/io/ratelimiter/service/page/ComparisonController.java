package io.ratelimiter.service.page;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /page/comparison}: the algorithms side by side. Needs no token and no store. */
@RestController
final class ComparisonController {

  private static final long MAX_UNITS = 1_000;
  private static final long MAX_WINDOW_SECONDS = 3_600;

  /** The endpoint needs no token, so its use of the processor must not slow down checks. */
  static final int MAX_AT_ONCE = 2;

  private final ConsoleJson json;
  private final Semaphore permits;

  ComparisonController(ConsoleJson json) {
    this(json, new Semaphore(MAX_AT_ONCE));
  }

  ComparisonController(ConsoleJson json, Semaphore permits) {
    this.json = json;
    this.permits = permits;
  }

  @GetMapping("/page/comparison")
  ResponseEntity<byte[]> compare(HttpServletRequest request) {
    Parameters parameters = new Parameters(request);
    long limit = parameters.number("limit", 10, 1, MAX_UNITS);
    long windowSeconds = parameters.number("window", 10, 1, MAX_WINDOW_SECONDS);
    List<Burst> bursts = Burst.read(parameters.text("bursts"));
    if (!permits.tryAcquire()) {
      throw new ProblemException(
          Problem.unavailable("%d comparisons are being made already".formatted(MAX_AT_ONCE)));
    }
    try {
      return json.answer(Comparison.of(limit, windowSeconds, bursts));
    } finally {
      permits.release();
    }
  }
}
