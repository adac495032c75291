package io.ratelimiter.service.api.contract;

import io.ratelimiter.service.RecordingPublisher;

/** Whoever has an edge to hold to the contract. */
public interface HasEdge {

  /** The edge under test. */
  Edge edge();

  /** Calls the edge. */
  default HttpCaller http() {
    return edge().http();
  }

  /** What the service told. */
  default RecordingPublisher published() {
    return edge().published();
  }
}
