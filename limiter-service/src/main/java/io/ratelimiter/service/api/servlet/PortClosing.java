package io.ratelimiter.service.api.servlet;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The second step of an orderly stop, between the drain and the end of the web server: closes the
 * port, and gives those a moment who have connected and not yet sent their request. Whoever comes
 * later is refused at once, which a proxy may answer by asking somebody else.
 */
final class PortClosing implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(PortClosing.class);
  private static final long LIMIT_MILLIS = 1_000;

  private final long momentMillis;
  private final List<ClosingProtocol> ports = new CopyOnWriteArrayList<>();
  private volatile boolean running;

  /**
   * @param drainMillis how long the drain lasts; the moment is no longer
   */
  PortClosing(long drainMillis) {
    momentMillis = Math.min(drainMillis, LIMIT_MILLIS);
  }

  void add(ClosingProtocol port) {
    ports.add(port);
  }

  @Override
  public void start() {
    running = true;
  }

  /** Blocks until the moment has passed. */
  @Override
  public void stop() {
    running = false;
    try {
      for (ClosingProtocol port : ports) {
        port.closePort(LIMIT_MILLIS);
      }
      TimeUnit.MILLISECONDS.sleep(momentMillis);
    } catch (IOException e) {
      log.warn("The port is closed by the web server itself: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After the drain, before the web server. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
