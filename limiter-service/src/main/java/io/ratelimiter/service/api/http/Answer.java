package io.ratelimiter.service.api.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request.
 *
 * @param status HTTP status
 * @param headers without {@code Content-Type} and {@code Content-Length}
 * @param contentType of the body; null without one
 * @param body may be empty; must not be modified
 * @param hold if the answer can be held, the time after which another one is sent in its place;
 *     null: this answer is sent at once
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, read once; never compared.
public record Answer(
    int status,
    List<Header> headers,
    @Nullable String contentType,
    byte[] body,
    @Nullable Hold hold) {

  /** Media type of all other answers. */
  public static final String JSON = "application/json";

  /** Media type of problems. */
  public static final String PROBLEM = "application/problem+json";

  /** An answer that is sent at once. */
  public Answer(int status, List<Header> headers, @Nullable String contentType, byte[] body) {
    this(status, headers, contentType, body, null);
  }

  /** This answer with a hold: it is sent at once only if it cannot be held. */
  public Answer held(Hold until) {
    return new Answer(status, headers, contentType, body, until);
  }

  /** 200 with a JSON body. */
  public static Answer json(String correlationId, byte[] body) {
    return new Answer(
        200,
        List.of(new Header(CorrelationIds.HEADER, correlationId), Header.NO_STORE),
        JSON,
        body);
  }
}
