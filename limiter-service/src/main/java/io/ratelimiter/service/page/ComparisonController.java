package io.ratelimiter.service.page;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /page/comparison}: the algorithms side by side. Needs no token and no store. */
@RestController
final class ComparisonController {

  private static final long MOST_UNITS = 1_000;
  private static final long LONGEST_WINDOW_SECONDS = 3_600;

  private final ConsoleJson json;

  ComparisonController(ConsoleJson json) {
    this.json = json;
  }

  @GetMapping("/page/comparison")
  ResponseEntity<byte[]> compare(HttpServletRequest request) {
    Parameters parameters = new Parameters(request);
    return json.answer(
        Comparison.of(
            parameters.number("limit", 10, 1, MOST_UNITS),
            parameters.number("window", 10, 1, LONGEST_WINDOW_SECONDS),
            Burst.read(parameters.text("bursts"))));
  }
}
