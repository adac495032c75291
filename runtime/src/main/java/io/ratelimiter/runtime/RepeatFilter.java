package io.ratelimiter.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Bounds repeated warnings and errors, so that a fault of every request does not become a line for
 * every request: 5 lines of a kind in 10 s, and one line in an hour about the exporter of the
 * OpenTelemetry agent. A kind is a logger and the beginning of a message without its values.
 *
 * <p>A {@link BeanFactoryPostProcessor} only so that Spring creates it before all other beans.
 */
public final class RepeatFilter extends Filter<ILoggingEvent> implements BeanFactoryPostProcessor {

  private static final String EXPORTER = "io.opentelemetry.exporter.";

  /** Max kinds that are counted at the same time; the least recently logged is dropped. */
  private static final int MAX_KINDS = 500;

  /** Max characters of a kind, so that long messages of a library take no more memory. */
  private static final int KIND_CHARACTERS = 200;

  /** Words with a digit: offsets, ports, times, random ids. Each word is matched once. */
  private static final Pattern VALUES = Pattern.compile("(?<![\\w.-])[\\w.-]*\\d[\\w.-]*");

  private record Kind(String logger, String message) {}

  private static final Kind EXPORTERS_KIND = new Kind(EXPORTER, "");

  private record Bound(int lines, Duration within) {}

  private static final Bound DEFAULT_BOUND = new Bound(5, Duration.ofSeconds(10));
  private static final Bound EXPORTERS_BOUND = new Bound(1, Duration.ofHours(1));

  private static final class Window {
    private long beganMillis;
    private int lines;
  }

  private final LongAdder suppressed = new LongAdder();
  private final Map<Kind, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Window> eldest) {
          return size() > MAX_KINDS;
        }
      };

  /** Adds a filter to all appenders of the root logger; {@link #stop} ends its effect. */
  public static RepeatFilter installOn(LoggerContext context) {
    RepeatFilter filter = new RepeatFilter();
    filter.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.iteratorForAppenders().forEachRemaining(appender -> appender.addFilter(filter));
    return filter;
  }

  /** Lines that were suppressed since the start. */
  public double suppressed() {
    return suppressed.sum();
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    // Changes no bean.
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    if (!isStarted()
        || !event.getLevel().isGreaterOrEqual(Level.WARN)
        || passes(kind(event), event.getTimeStamp())) {
      return FilterReply.NEUTRAL;
    }
    suppressed.increment();
    return FilterReply.DENY;
  }

  private synchronized boolean passes(Kind kind, long nowMillis) {
    Bound bound = kind.equals(EXPORTERS_KIND) ? EXPORTERS_BOUND : DEFAULT_BOUND;
    Window window = windows.computeIfAbsent(kind, _ -> new Window());
    if (nowMillis - window.beganMillis >= bound.within().toMillis()) {
      window.beganMillis = nowMillis;
      window.lines = 0;
    }
    window.lines++;
    return window.lines <= bound.lines();
  }

  private static Kind kind(ILoggingEvent event) {
    // The exporter's messages contain the fault in many variants.
    if (event.getLoggerName().startsWith(EXPORTER)) {
      return EXPORTERS_KIND;
    }
    // Not the unformatted message: Kafka logs offsets, partitions and node ids as part of it.
    String message = String.valueOf(event.getMessage());
    String begin = message.substring(0, Math.min(KIND_CHARACTERS, message.length()));
    return new Kind(event.getLoggerName(), VALUES.matcher(begin).replaceAll("#"));
  }
}
