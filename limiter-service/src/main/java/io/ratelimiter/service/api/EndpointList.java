package io.ratelimiter.service.api;

import io.ratelimiter.service.api.endpoints.Endpoint;
import java.util.List;

/** Every endpoint that the event loops answer: name, path and handler, each stated once. */
public record EndpointList(List<Entry> entries) {

  /**
   * One endpoint.
   *
   * @param name in metrics
   * @param path normalized
   * @param onCheckPort whether the port of checks serves it too
   */
  public record Entry(String name, String path, boolean onCheckPort, Endpoint handler) {}

  public EndpointList {
    entries = List.copyOf(entries);
  }
}
