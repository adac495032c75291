package io.ratelimiter.service.api;

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

  /** Its origin; empty on an edge without an admin plane, which does not determine it. */
  default Peer peer() {
    return new Peer("", "");
  }
}
