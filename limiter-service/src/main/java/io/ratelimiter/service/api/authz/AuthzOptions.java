package io.ratelimiter.service.api.authz;

import io.ratelimiter.service.api.codec.FieldGrammar;
import io.ratelimiter.service.api.codec.Query;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.rules.Priority;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options from the proxy's own configuration: the sources of client, limit key, cost, original URI
 * and attributes, how the cost may be spent, and the status of a block.
 */
record AuthzOptions(Map<String, String> given) {

  private static final String PRIORITY = "priority";
  private static final String MAX_WAIT = "max_wait_ms";

  /** Digits of the max; a value with more is refused without parsing it. */
  private static final int MAX_WAIT_DIGITS = 5;

  private static final Set<String> KNOWN =
      Set.of(
          "tenant",
          "key",
          "client_header",
          "ipv6_prefix",
          "key_header",
          "cost_header",
          "uri_header",
          "attributes",
          PRIORITY,
          MAX_WAIT,
          "blocked_status");

  private static final List<String> HEADER_OPTIONS =
      List.of("client_header", "key_header", "cost_header", "uri_header");

  static final AuthzOptions NONE = new AuthzOptions(Map.of());

  /**
   * Validates the options.
   *
   * @throws ProblemException 400, naming the option and the fault
   */
  AuthzOptions {
    for (String name : given.keySet()) {
      if (!KNOWN.contains(name)) {
        throw ProblemException.invalid("there is no option " + name);
      }
    }
    for (String name : HEADER_OPTIONS) {
      String header = given.get(name);
      if (header != null && !token(header)) {
        throw ProblemException.invalid(name + " must be the name of a header");
      }
    }
    if (given.containsKey("key") && given.containsKey("key_header")) {
      throw ProblemException.invalid("key and key_header exclude each other");
    }
    String status = given.get("blocked_status");
    if (status != null && !List.of("403", "429").contains(status)) {
      throw ProblemException.invalid("blocked_status must be 403 or 429");
    }
    String prefix = given.get("ipv6_prefix");
    if (prefix != null && !Ipv6Network.PREFIXES.contains(prefix)) {
      throw ProblemException.invalid("ipv6_prefix must be 48, 56 or 64");
    }
  }

  private static boolean token(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  /** The options in a query. */
  static AuthzOptions ofQuery(@Nullable String query) {
    return query == null || query.isEmpty() ? NONE : new AuthzOptions(new Query(query).all());
  }

  /** The options in a path segment: {@code name=value,name=value}, each percent-encoded. */
  static AuthzOptions ofSegment(String segment) {
    // A plus sign is literal in a path, and means a space in a query.
    return ofQuery(segment.replace("+", "%2B").replace(',', '&'));
  }

  String tenant() {
    String tenant = given.get("tenant");
    return tenant == null ? FieldGrammar.DEFAULT_TENANT : FieldGrammar.tenant("tenant", tenant);
  }

  String clientHeader() {
    return Objects.requireNonNullElse(given.get("client_header"), "X-Client-ID");
  }

  /**
   * The client id or value of an attribute for a header's value: with {@code ipv6_prefix}, the
   * network of an IPv6 address; otherwise the header's value.
   */
  String network(String named) {
    String prefix = given.get("ipv6_prefix");
    return prefix == null ? named : Ipv6Network.of(named, Integer.parseInt(prefix));
  }

  @Nullable String key() {
    return given.get("key");
  }

  @Nullable String keyHeader() {
    return given.get("key_header");
  }

  @Nullable String costHeader() {
    return given.get("cost_header");
  }

  @Nullable String uriHeader() {
    return given.get("uri_header");
  }

  /**
   * The name of the attribute of each header that is read; empty without the option.
   *
   * @throws ProblemException 400, naming the option and the fault
   */
  Map<String, String> attributes() {
    String names = given.get("attributes");
    return names == null ? Map.of() : AttributeHeaders.of(names);
  }

  /**
   * How the cost may be spent. A check of cost 0 does not wait.
   *
   * @throws ProblemException 400, naming the option and the fault
   */
  CheckOptions spending(long cost) {
    if (!given.containsKey(PRIORITY) && !given.containsKey(MAX_WAIT)) {
      return CheckOptions.DEFAULT;
    }
    long maxWait = maxWaitMillis();
    return new CheckOptions(priority(), cost == 0 ? 0 : maxWait, 0, null);
  }

  private Priority priority() {
    String name = given.get(PRIORITY);
    return name == null ? Priority.NORMAL : FieldGrammar.priority(PRIORITY, name);
  }

  private long maxWaitMillis() {
    String millis = given.get(MAX_WAIT);
    if (millis == null) {
      return 0;
    }
    boolean number = millis.matches("[0-9]{1," + MAX_WAIT_DIGITS + "}");
    return FieldGrammar.maxWait(MAX_WAIT, number ? Long.parseLong(millis) : -1);
  }

  /** HTTP status of a blocked check. */
  int blockedStatus() {
    return "403".equals(given.get("blocked_status")) ? 403 : 429;
  }
}
