package io.ratelimiter.service.ops;

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
 * Limits repeated warnings and errors: five of one kind pass within 10 s, so that a fault of every
 * request does not log a line for each. Lines of the OpenTelemetry exporter pass once an hour. A
 * kind is a logger and a message without its values.
 */
final class RepeatFilter extends Filter<ILoggingEvent> implements BeanFactoryPostProcessor {

  private static final String EXPORTER = "io.opentelemetry.exporter.";
  private static final int KINDS = 500;

  /** Max length of a kind, which bounds the memory for long messages of libraries. */
  private static final int KIND_CHARACTERS = 200;

  private static final Pattern NUMBERS = Pattern.compile("\\d+");

  private record Kind(String logger, String message) {}

  private static final Kind EXPORTERS_KIND = new Kind(EXPORTER, "");

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

  /** Installs a filter on all appenders of the context; it filters until it is stopped. */
  static RepeatFilter installOn(LoggerContext context) {
    RepeatFilter filter = new RepeatFilter();
    filter.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.iteratorForAppenders().forEachRemaining(appender -> appender.addFilter(filter));
    return filter;
  }

  /** Number of lines suppressed since the start. */
  double suppressed() {
    return suppressed.sum();
  }

  /** Does nothing; as a post-processor the filter is created before every other bean. */
  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    // No bean definition changes.
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
    Bound bound = kind.equals(EXPORTERS_KIND) ? EXPORTERS : OURS;
    Window window = windows.computeIfAbsent(kind, _ -> new Window());
    if (nowMillis - window.beganMillis >= bound.within().toMillis()) {
      window.beganMillis = nowMillis;
      window.lines = 0;
    }
    window.lines++;
    return window.lines <= bound.lines();
  }

  private static Kind kind(ILoggingEvent event) {
    // One kind for all: its messages contain the fault, whose text varies.
    if (event.getLoggerName().startsWith(EXPORTER)) {
      return EXPORTERS_KIND;
    }
    // Kafka formats its messages itself, with offsets, partitions and node ids.
    String message = String.valueOf(event.getMessage());
    String begin = message.substring(0, Math.min(KIND_CHARACTERS, message.length()));
    return new Kind(event.getLoggerName(), NUMBERS.matcher(begin).replaceAll("#"));
  }
}
