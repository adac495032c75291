package io.ratelimiter.service.api.contract;

import io.ratelimiter.service.RecordingPublisher;

/** A contract suite for one port of a service. */
public interface EdgeContract {

  /** The port under test. */
  Edge edge();

  /** Calls the port. */
  default HttpCaller http() {
    return edge().http();
  }

  /** What the service has published. */
  default RecordingPublisher published() {
    return edge().published();
  }
}
