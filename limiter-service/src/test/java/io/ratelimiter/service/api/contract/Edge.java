package io.ratelimiter.service.api.contract;

import io.ratelimiter.service.RecordingPublisher;
import io.ratelimiter.service.ServiceUnderTest;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** A port of a running service, for the contract suites. */
public final class Edge implements AutoCloseable {

  private final Function<ServiceUnderTest, URI> where;
  private final Map<String, String> environment;
  private final ServiceUnderTest service;
  private final HttpCaller mainPort;
  private final HttpCaller http;

  /**
   * Starts a service.
   *
   * @param where address of the port on it
   * @param environment variables of the service
   */
  public Edge(Function<ServiceUnderTest, URI> where, Map<String, String> environment) {
    this.where = where;
    this.environment = environment;
    service = new ServiceUnderTest(environment);
    mainPort = new HttpCaller(service.url());
    http = mainPort.at(url());
  }

  /** Starts another service with additional variables, and returns its same port. */
  Edge like(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Edge(where, all);
  }

  /** Address of the port. */
  public URI url() {
    return where.apply(service);
  }

  /** Calls the port. */
  public HttpCaller http() {
    return http;
  }

  /** Calls the port that serves everything: for metrics, usage, the admin plane. */
  public HttpCaller mainPort() {
    return mainPort;
  }

  /** What the service has published. */
  public RecordingPublisher published() {
    return service.published();
  }

  /** Stops the service. */
  @Override
  public void close() {
    service.close();
  }
}
