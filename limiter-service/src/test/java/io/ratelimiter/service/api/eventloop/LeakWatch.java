package io.ratelimiter.service.api.eventloop;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** Tracks every buffer of this JVM until it is closed; in production none is tracked. */
final class LeakWatch implements AutoCloseable {

  private static final int COLLECTIONS = 5;
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  private final ListAppender<ILoggingEvent> reports = new ListAppender<>();
  private final Level before = ResourceLeakDetector.getLevel();

  LeakWatch() {
    ResourceLeakDetector.setLevel(Level.PARANOID);
    reports.start();
    logger.addAppender(reports);
  }

  /** The buffers that were collected without a release, as reported by Netty. Blocks for 0.5 s. */
  List<String> leaks() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      LockSupport.parkNanos(BETWEEN_NANOS);
      // Netty reports leaks when it allocates a buffer.
      ByteBufAllocator.DEFAULT.buffer().release();
    }
    return reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(reports);
    ResourceLeakDetector.setLevel(before);
  }
}
