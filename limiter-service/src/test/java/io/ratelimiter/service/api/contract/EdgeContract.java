package io.ratelimiter.service.api.contract;

import io.ratelimiter.service.RecordingPublisher;
import java.io.IOException;

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

  /** The whole answer to an authz request with these lines of headers, which need not be valid. */
  default String rawAuthz(String path, String... headers) throws IOException {
    try (RawCaller raw = new RawCaller(edge().url())) {
      return raw.send(
              "GET %s HTTP/1.1\r\nHost: a\r\n%s\r\nConnection: close\r\n\r\n"
                  .formatted(path, String.join("\r\n", headers)))
          .readToEnd(HostileInput.LIMIT);
    }
  }
}
