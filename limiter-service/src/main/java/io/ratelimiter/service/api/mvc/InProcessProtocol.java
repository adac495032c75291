package io.ratelimiter.service.api.mvc;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.coyote.Adapter;
import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.UpgradeProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.jspecify.annotations.Nullable;

/**
 * A Tomcat protocol without a port: requests come from the front door in this process. Public,
 * because Tomcat instantiates it by name.
 */
public final class InProcessProtocol implements ProtocolHandler {

  private volatile @Nullable Adapter adapter;
  private @Nullable Executor executor;
  private @Nullable ScheduledExecutorService utilityExecutor;

  /** The entrance of the servlet container; null before it has started. */
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

  /** Identifies the protocol in place of a port. */
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

  /** Returns at once: Tomcat has no connections. */
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
    throw new UnsupportedOperationException("TLS is terminated in front of this process");
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
