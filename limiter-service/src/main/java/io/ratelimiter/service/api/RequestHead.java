package io.ratelimiter.service.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request without its body, as an edge read it. */
public interface RequestHead {

  /** The method, as sent. */
  String method();

  /** The path, as sent: undecoded, without the query. */
  String path();

  /** The query, as sent, without its question mark; null without one. */
  @Nullable String query();

  /** The first header of that name, whatever its case; null without one. */
  @Nullable String header(String name);

  /** All headers of that name, whatever its case, in order. */
  List<String> headers(String name);

  /** Its origin. */
  Peer peer();
}
