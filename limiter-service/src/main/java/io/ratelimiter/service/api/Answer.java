package io.ratelimiter.service.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes back to a caller.
 *
 * @param status HTTP status
 * @param headers without {@code Content-Type} and {@code Content-Length}
 * @param contentType of the body; null without one
 * @param body may be empty; never changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, read once; compared by nobody.
public record Answer(int status, List<Header> headers, @Nullable String contentType, byte[] body) {

  /** An answer with a JSON body. */
  static Answer json(int status, List<Header> headers, byte[] body) {
    return new Answer(status, headers, MediaTypes.JSON, body);
  }
}
