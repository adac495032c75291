package io.ratelimiter.service.api.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request with its complete body.
 *
 * @param path normalized and percent-encoded, see {@link RequestPath}
 * @param query as sent, without its question mark; null without one
 * @param headers as sent, in order, without those of the connection and the body's framing
 * @param body may be empty
 * @param peer numeric address of the caller
 * @param correlationId of the request, and of its answer
 */
@SuppressWarnings("ArrayRecordComponent") // Written once, read once; never compared.
public record CompleteRequest(
    String method,
    String path,
    @Nullable String query,
    List<Header> headers,
    byte[] body,
    String peer,
    String correlationId) {}
