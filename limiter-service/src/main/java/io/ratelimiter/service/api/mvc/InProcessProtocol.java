package io.ratelimiter.service.api.mvc;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.coyote.Adapter;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.UpgradeProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's place for a protocol, without a port: requests come from the front door in this process.
 * Public, and made by Tomcat, which knows it by name only.
 */
public final class InProcessProtocol implements ProtocolHandler {

  private volatile @Nullable Adapter adapter;
  private @Nullable Executor executor;
  private @Nullable ScheduledExecutorService utilityExecutor;

  /** Passes requests on to the servlet container; null before that has started. */
  @Override
  public @Nullable Adapter getAdapter() {
    return adapter;
  }

  @Override
  public void setAdapter(@Nullable Adapter adapter) {
    this.adapter = adapter;
  }

  @Override
  public @Nullable Executor getExecutor() {
    return executor;
  }

  @Override
  public void setExecutor(Executor executor) {
    this.executor = executor;
  }

  @Override
  public @Nullable ScheduledExecutorService getUtilityExecutor() {
    return utilityExecutor;
  }

  @Override
  public void setUtilityExecutor(ScheduledExecutorService utilityExecutor) {
    this.utilityExecutor = utilityExecutor;
  }

  /** Named instead of a port, of which Tomcat would ask for a valid one. */
  @Override
  public String getId() {
    return "in-process";
  }

  @Override
  public void init() {
    // Nothing is bound.
  }

  @Override
  public void start() {
    // The front door opens the port.
  }

  @Override
  public void pause() {
    // The front door stops before Tomcat does.
  }

  @Override
  public void resume() {
    // Never paused.
  }

  @Override
  public void stop() {
    // The front door has closed the port.
  }

  @Override
  public void destroy() {
    // Nothing is bound.
  }

  @Override
  public void closeServerSocketGraceful() {
    // There is none.
  }

  /** No connection is Tomcat's own. */
  @Override
  public long awaitConnectionsClose(long waitMillis) {
    return 0;
  }

  @Override
  public boolean isSendfileSupported() {
    return false;
  }

  @Override
  public void addSslHostConfig(SSLHostConfig config) {
    throw new UnsupportedOperationException("TLS ends before this process");
  }

  @Override
  public void addSslHostConfig(SSLHostConfig config, boolean replace) {
    addSslHostConfig(config);
  }

  @Override
  public SSLHostConfig[] findSslHostConfigs() {
    return new SSLHostConfig[0];
  }

  @Override
  public void addUpgradeProtocol(UpgradeProtocol upgradeProtocol) {
    throw new UnsupportedOperationException("no connection is upgraded");
  }

  @Override
  public UpgradeProtocol[] findUpgradeProtocols() {
    return new UpgradeProtocol[0];
  }
}
