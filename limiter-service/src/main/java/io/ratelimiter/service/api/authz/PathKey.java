package io.ratelimiter.service.api.authz;

import io.ratelimiter.service.api.codec.FieldGrammar;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.RuleSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The limit key of an original path: the one of its {@link PathVariants} that a rule has as
 * written, or else the shortest of those with the longest prefix that a rule matches. All spellings
 * of a path have the same one.
 */
final class PathKey {

  private PathKey() {}

  /**
   * The limit key; {@code global} where no rule names a variant.
   *
   * @param uri as the proxy received it
   * @throws ProblemException 400, when variants are limited by different rules, or the path is no
   *     limit key
   */
  static String of(RuleSet rules, String tenant, String uri) {
    Set<String> written = new LinkedHashSet<>();
    Map<String, String> prefixes = new LinkedHashMap<>();
    for (String variant : PathVariants.of(uri)) {
      String prefix = rules.limitKeyPrefix(tenant, variant);
      if (rules.namesLimitKey(tenant, variant)) {
        written.add(variant);
      }
      if (prefix != null) {
        prefixes.put(variant, prefix);
      }
    }
    if (written.isEmpty() && prefixes.isEmpty()) {
      return FieldGrammar.DEFAULT_LIMIT_KEY;
    }
    String key = valid(written.isEmpty() ? withLongestPrefix(prefixes) : written.iterator().next());
    refuseOthers(key, written, prefixes);
    return key;
  }

  private static String valid(String variant) {
    return FieldGrammar.identifier("the path", variant);
  }

  /** Every step to a variant shortens it, so the shortest one is common to all spellings. */
  private static String withLongestPrefix(Map<String, String> prefixes) {
    return prefixes.entrySet().stream()
        .min(
            Comparator.<Map.Entry<String, String>>comparingInt(named -> -named.getValue().length())
                .thenComparingInt(named -> named.getKey().length()))
        .orElseThrow()
        .getKey();
  }

  /**
   * Refuses a path one of whose variants escapes a limit that another one has. The last slash alone
   * makes no other path.
   */
  private static void refuseOthers(String key, Set<String> written, Map<String, String> prefixes) {
    Set<String> different = new LinkedHashSet<>(List.of(key));
    different.addAll(written);
    prefixes.forEach((variant, prefix) -> {
      boolean otherPath = written.isEmpty() && otherPath(variant, key);
      if (otherPath || !withSlash(key).startsWith(prefix)) {
        different.add(valid(variant));
      }
    });
    if (different.size() > 1) {
      throw ProblemException.invalid(
          "the path can be read as several limit keys: " + String.join(", ", different));
    }
  }

  private static boolean otherPath(String variant, String key) {
    return PathVariants.plain(variant) && !withSlash(variant).equals(withSlash(key));
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
