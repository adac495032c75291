package io.ratelimiter.auditor.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps a fault that every request meets from becoming a line for every request: of warnings and
 * errors of one kind, five pass within ten seconds. What the agent says of its exporter passes once
 * an hour. A kind is a logger and a message before its values are filled in.
 */
final class RepeatFilter extends Filter<ILoggingEvent> {

  private static final String EXPORTER = "io.opentelemetry.exporter.";
  private static final int KINDS = 500;

  private record Kind(String logger, String message) {}

  private record Bound(int lines, Duration within) {}

  private static final Bound OURS = new Bound(5, Duration.ofSeconds(10));
  private static final Bound EXPORTERS = new Bound(1, Duration.ofHours(1));

  private static final class Window {
    private long beganMillis;
    private int lines;
  }

  private final LongAdder suppressed = new LongAdder();
  private final Map<Kind, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Window> eldest) {
          return size() > KINDS;
        }
      };

  /** Puts it before everything that the context writes. */
  void install(LoggerContext context) {
    start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.iteratorForAppenders().forEachRemaining(this::putBefore);
  }

  private void putBefore(Appender<ILoggingEvent> appender) {
    appender.addFilter(this);
  }

  /** Lines that were kept back since the start. */
  double suppressed() {
    return suppressed.sum();
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.WARN) || passes(event)) {
      return FilterReply.NEUTRAL;
    }
    suppressed.increment();
    return FilterReply.DENY;
  }

  private synchronized boolean passes(ILoggingEvent event) {
    // Its messages have the fault in them, and the fault has many words.
    boolean exporter = event.getLoggerName().startsWith(EXPORTER);
    Kind kind =
        new Kind(exporter ? EXPORTER : event.getLoggerName(), exporter ? "" : event.getMessage());
    Bound bound = exporter ? EXPORTERS : OURS;
    Window window = windows.computeIfAbsent(kind, _ -> new Window());
    if (event.getTimeStamp() - window.beganMillis >= bound.within().toMillis()) {
      window.beganMillis = event.getTimeStamp();
      window.lines = 0;
    }
    window.lines++;
    return window.lines <= bound.lines();
  }
}
