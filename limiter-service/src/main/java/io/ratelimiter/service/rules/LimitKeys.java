package io.ratelimiter.service.rules;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The limit keys that rules name, as written and by prefix. */
final class LimitKeys {

  private final Set<String> written;
  private final TreeSet<String> prefixes;

  LimitKeys(List<AnyRule> rules) {
    this.written = rules.stream().map(AnyRule::limitKey).collect(Collectors.toUnmodifiableSet());
    this.prefixes =
        rules.stream()
            .map(rule -> rule.terms().match().get(AttributeName.LIMIT_KEY))
            .filter(Objects::nonNull)
            .map(prefix -> AttributePattern.of(prefix).text())
            .collect(Collectors.toCollection(TreeSet::new));
  }

  boolean written(String limitKey) {
    return written.contains(limitKey);
  }

  /**
   * The longest prefix of this limit key; null if there is none. The cost depends on the length of
   * the key, not on the number of prefixes.
   */
  @Nullable String longestPrefix(String limitKey) {
    String candidate = prefixes.floor(limitKey);
    while (candidate != null && !limitKey.startsWith(candidate)) {
      // A prefix is not greater than what it has in common with the greatest text before the key.
      candidate = prefixes.floor(limitKey.substring(0, common(candidate, limitKey)));
    }
    return candidate;
  }

  private static int common(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return length;
  }
}
