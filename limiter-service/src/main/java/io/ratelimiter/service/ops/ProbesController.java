package io.ratelimiter.service.ops;

import io.ratelimiter.service.api.Drain;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /livez} and {@code /readyz}, for orchestrators. Readiness does not depend on the
 * store: without it, all instances would be removed at the same time.
 */
@RestController
final class ProbesController {

  private final WarmUp warmUp;
  private final Drain drain;

  ProbesController(WarmUp warmUp, Drain drain) {
    this.warmUp = warmUp;
    this.drain = drain;
  }

  @GetMapping("/livez")
  Map<String, String> live() {
    return Map.of("status", "alive");
  }

  @GetMapping("/readyz")
  ResponseEntity<Map<String, String>> ready() {
    String status = drain.active() ? "draining" : warmUp.ready() ? "ready" : "warming_up";
    return ResponseEntity.status(status.equals("ready") ? 200 : 503).body(Map.of("status", status));
  }
}
