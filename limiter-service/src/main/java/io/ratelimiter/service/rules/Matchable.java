package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;

/** A subject whose attributes rules match and count by. */
public interface Matchable {

  String tenant();

  String clientId();

  String limitKey();

  Attributes attributes();

  /** The value of an attribute, client id and limit key included; null if it is absent. */
  default @Nullable String attribute(String name) {
    return switch (name) {
      case AttributeName.CLIENT_ID -> clientId();
      case AttributeName.LIMIT_KEY -> limitKey();
      default -> attributes().get(name);
    };
  }
}
