package io.ratelimiter.service.api.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request without its body. */
public interface RequestHead {

  /** The method, as sent. */
  String method();

  /** The path, as sent: undecoded, without the query. */
  String path();

  /** The query, as sent, without its question mark; null without one. */
  @Nullable String query();

  /** The first header of that name in any case; null without one. */
  @Nullable String header(String name);

  /** All headers of that name in any case, in order. */
  List<String> headers(String name);

  /** The origin of the request. */
  Peer peer();
}
