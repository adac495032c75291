package io.ratelimiter.service.api.contract;

import io.ratelimiter.service.RecordingPublisher;
import io.ratelimiter.service.ServiceUnderTest;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** One edge of a running service, as the suites see it. */
public final class Edge implements AutoCloseable {

  private final Function<ServiceUnderTest, URI> where;
  private final Map<String, String> environment;
  private final ServiceUnderTest service;
  private final HttpCaller whole;
  private final HttpCaller http;

  /**
   * Starts a service.
   *
   * @param where the edge's address on it
   * @param environment variables of the service
   */
  public Edge(Function<ServiceUnderTest, URI> where, Map<String, String> environment) {
    this.where = where;
    this.environment = environment;
    service = new ServiceUnderTest(environment);
    whole = new HttpCaller(service.url());
    http = whole.at(url());
  }

  /** The same edge of one more service, with these variables besides. */
  Edge like(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Edge(where, all);
  }

  /** Where the edge listens. */
  public URI url() {
    return where.apply(service);
  }

  /** Calls the edge. */
  public HttpCaller http() {
    return http;
  }

  /** Calls the port that serves everything: for metrics, usage, the admin plane. */
  public HttpCaller whole() {
    return whole;
  }

  /** What the service told. */
  public RecordingPublisher published() {
    return service.published();
  }

  /** Stops the service. */
  @Override
  public void close() {
    service.close();
  }
}
