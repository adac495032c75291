package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;

/** What rules are matched with, and count by. */
public interface Matchable {

  String tenant();

  String clientId();

  String limitKey();

  Attributes attributes();

  /** The value of an attribute, of which client id and limit key are two; null if it is absent. */
  default @Nullable String attribute(String name) {
    return switch (name) {
      case AttributeName.CLIENT_ID -> clientId();
      case AttributeName.LIMIT_KEY -> limitKey();
      default -> attributes().get(name);
    };
  }
}
