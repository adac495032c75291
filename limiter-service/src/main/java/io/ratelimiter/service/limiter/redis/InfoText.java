package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Eviction;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads from a node's {@code INFO} whether the node evicts keys. */
final class InfoText {

  private static final Pattern POLICY = field("maxmemory_policy", "[a-z-]{1,32}");
  private static final Pattern MAX_MEMORY = field("maxmemory", "\\d{1,18}");
  private static final Pattern EVICTED_KEYS = field("evicted_keys", "\\d{1,18}");

  private InfoText() {}

  private static Pattern field(String name, String value) {
    return Pattern.compile("^" + name + ":(" + value + ")\\s*$", Pattern.MULTILINE);
  }

  /** The eviction that this text describes; unknown where fields are missing. */
  static Eviction eviction(String text) {
    String policy = find(POLICY, text);
    OptionalLong maxMemory = number(MAX_MEMORY, text);
    if (policy == null || maxMemory.isEmpty()) {
      return Eviction.unknown("INFO has no maxmemory and maxmemory_policy");
    }
    boolean evicting = maxMemory.getAsLong() > 0 && !policy.equals("noeviction");
    return new Eviction(
        evicting ? Eviction.State.EVICTING : Eviction.State.NONE,
        policy,
        number(EVICTED_KEYS, text).orElse(0),
        null);
  }

  private static OptionalLong number(Pattern field, String text) {
    String digits = find(field, text);
    return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  private static @Nullable String find(Pattern field, String text) {
    Matcher found = field.matcher(text);
    return found.find() ? found.group(1) : null;
  }
}
