package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How consumption is counted; the four Lua files of these names define it. */
public enum Algorithm {
  TOKEN_BUCKET("token_bucket", "tb"),
  FIXED_WINDOW("fixed_window", "fw"),
  /** The exact log: every charge is stored until it leaves the window. */
  SLIDING_WINDOW("sliding_window", "sl"),
  /** Two counters that approximate the log from above. */
  SLIDING_WINDOW_COUNTER("sliding_window_counter", "sc");

  private final String wireName;
  private final String code;

  Algorithm(String wireName, String code) {
    this.wireName = wireName;
    this.code = code;
  }

  /** The name in JSON, SQL, metrics and settings. */
  public String wireName() {
    return wireName;
  }

  /** Its two letters in a store key. */
  public String code() {
    return code;
  }

  /** All names, for messages. */
  public static String wireNames() {
    return Arrays.stream(values()).map(Algorithm::wireName).collect(Collectors.joining(", "));
  }

  /** The algorithm of that {@link #wireName()}, if there is one. */
  public static Optional<Algorithm> named(String wireName) {
    return Arrays.stream(values()).filter(a -> a.wireName.equals(wireName)).findFirst();
  }
}
