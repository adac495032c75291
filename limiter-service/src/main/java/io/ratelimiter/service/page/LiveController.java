package io.ratelimiter.service.page;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.decisions.DecisionFeed;
import io.ratelimiter.service.decisions.FeedSecond;
import io.ratelimiter.service.decisions.FeedWatch;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /v1/console/live}: streams decisions as server-sent events until the caller
 * disconnects or the service drains. Blocks the request's virtual thread.
 */
@RestController
final class LiveController {

  private static final Logger log = LoggerFactory.getLogger(LiveController.class);

  /** Min interval between two events; a table needs no faster updates. */
  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** Max wait for decisions before an event without any is sent. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private static final int MAX_SHOWN = 300;

  /** One decision, as a row of the page. */
  record Row(
      long at,
      String instance,
      String tenant,
      String clientId,
      String limitKey,
      long cost,
      boolean allowed,
      @Nullable String reason,
      @Nullable String rule,
      @Nullable Long remaining,
      @Nullable Long limit,
      @Nullable Long retryAfterMs,
      String source,
      @Nullable String degradedReason,
      long latencyUs,
      String decisionId,
      String correlationId) {

    static Row of(DecisionEvent event) {
      DecisionEvent.Top top = event.top();
      return new Row(
          event.decidedAtMicros() / 1_000,
          event.position().instance(),
          event.tenant(),
          event.clientId(),
          event.limitKey(),
          event.cost(),
          event.allowed(),
          event.reason(),
          top == null ? null : top.rule(),
          top == null ? null : top.remaining(),
          top == null ? null : top.limit(),
          event.retryAfterMillis(),
          event.source(),
          event.degradedReason(),
          event.latencyMicros(),
          event.decisionId(),
          event.correlationId());
    }
  }

  /** One event of the stream. */
  record LiveEvent(String state, List<Row> decisions, long missed, List<FeedSecond> seconds) {}

  private final DecisionFeed feed;
  private final Drain drain;
  private final ConsoleJson json;

  LiveController(DecisionFeed feed, Drain drain, ConsoleJson json) {
    this.feed = feed;
    this.drain = drain;
    this.json = json;
  }

  @GetMapping("/v1/console/live")
  void live(HttpServletRequest request, HttpServletResponse response) {
    LiveFilter filter = LiveFilter.of(new Parameters(request));
    try (FeedWatch watch = feed.watch(filter).orElseThrow(LiveController::tooMany)) {
      response.setContentType("text/event-stream;charset=utf-8");
      response.setHeader("Cache-Control", "no-store");
      // A proxy that buffers answers would delay events for minutes.
      response.setHeader("X-Accel-Buffering", "no");
      stream(watch, response.getOutputStream());
    } catch (IOException | InterruptedException e) {
      log.debug("The watcher has disconnected", e);
    }
  }

  private static ProblemException tooMany() {
    return new ProblemException(
        Problem.of(
            503,
            "%d callers watch already, which is the max".formatted(DecisionFeed.MAX_WATCHERS),
            new Header("Retry-After", "10")));
  }

  /** Sends an event at least every second, which detects a caller that disconnected. */
  private void stream(FeedWatch watch, OutputStream out) throws IOException, InterruptedException {
    FeedWatch.News news = watch.next(Duration.ZERO);
    while (!drain.active()) {
      out.write("data: ".getBytes(StandardCharsets.UTF_8));
      out.write(json.bytes(event(news)));
      out.write("\n\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      Thread.sleep(INTERVAL);
      news = watch.next(MAX_WAIT);
    }
  }

  private static LiveEvent event(FeedWatch.News news) {
    List<DecisionEvent> events = news.decisions();
    int left = Math.max(0, events.size() - MAX_SHOWN);
    return new LiveEvent(
        news.state().wireName(),
        events.subList(left, events.size()).stream().map(Row::of).toList(),
        news.missed() + left,
        news.seconds());
  }
}
