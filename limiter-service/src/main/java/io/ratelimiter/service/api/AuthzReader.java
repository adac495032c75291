package io.ratelimiter.service.api;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.RuleSet;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a check of what a proxy asks. Reads those headers alone that the options name: everything
 * else in the request may come from the proxy's own caller.
 */
final class AuthzReader {

  private static final List<String> URI_HEADERS =
      List.of("X-Original-URI", "X-Original-URL", "X-Forwarded-Uri");

  private final ActiveRules rules;

  AuthzReader(ActiveRules rules) {
    this.rules = rules;
  }

  /**
   * The check that the head asks for.
   *
   * @param appended path that the proxy appended; null where it sets a header
   * @throws ProblemException 400, naming header or option and fault
   */
  Check check(RequestHead head, AuthzOptions options, @Nullable String appended) {
    String tenant = options.tenant();
    String client = options.clientHeader();
    String clientId = value(head, client);
    if (clientId == null) {
      throw ProblemException.invalid(client + " is required, and the proxy must set it itself");
    }
    return new Check(
        tenant,
        options.client(Fields.identifier(client, clientId)),
        limitKey(head, options, tenant, appended),
        cost(head, options.costHeader()));
  }

  private String limitKey(
      RequestHead head, AuthzOptions options, String tenant, @Nullable String appended) {
    String header = options.keyHeader();
    if (header != null) {
      String given = value(head, header);
      if (given == null) {
        throw ProblemException.invalid(header + " is required: key_header names it");
      }
      return Fields.identifier(header, given);
    }
    String key = options.key();
    if (key == null) {
      return Fields.DEFAULT_LIMIT_KEY;
    }
    return key.equals("path")
        ? pathKey(tenant, appended == null ? originalUri(head, options) : appended)
        : Fields.identifier("key", key);
  }

  private String pathKey(String tenant, String uri) {
    RuleSet current = rules.current();
    Set<String> named = new LinkedHashSet<>(PathReadings.of(uri));
    named.removeIf(reading -> !current.namesLimitKey(tenant, reading));
    if (named.size() > 1) {
      throw ProblemException.invalid(
          "the path can be read as several limit keys: " + String.join(", ", named));
    }
    return named.isEmpty() ? Fields.DEFAULT_LIMIT_KEY : named.iterator().next();
  }

  private static String originalUri(RequestHead head, AuthzOptions options) {
    String header = options.uriHeader();
    Set<String> found = new LinkedHashSet<>();
    for (String name : header == null ? URI_HEADERS : List.of(header)) {
      String uri = value(head, name);
      if (uri != null) {
        found.add(uri);
      }
    }
    if (found.size() != 1) {
      String names = header == null ? "one of " + String.join(", ", URI_HEADERS) : header;
      throw ProblemException.invalid(
          found.isEmpty()
              ? "key=path needs " + names + ", and the proxy must set it itself"
              : String.join(", ", URI_HEADERS) + " must not differ");
    }
    return found.iterator().next();
  }

  private static long cost(RequestHead head, @Nullable String header) {
    if (header == null) {
      return 1;
    }
    String given = value(head, header);
    if (given == null || given.isEmpty() || given.length() > 7 || !digits(given)) {
      throw ProblemException.invalid(Fields.costFault(header));
    }
    return Fields.cost(header, Integer.parseInt(given));
  }

  private static boolean digits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The value of a header; a caller of the proxy might have added another one. */
  private static @Nullable String value(RequestHead head, String name) {
    List<String> values = head.headers(name);
    if (values.isEmpty()) {
      return null;
    }
    String value = values.getFirst();
    if (!values.stream().allMatch(value::equals)) {
      throw ProblemException.invalid(name + " must not have different values");
    }
    refuseHopByHop(head, name);
    return text(name, value);
  }

  /** A proxy between may drop a header that Connection names, and the real one with it. */
  private static void refuseHopByHop(RequestHead head, String name) {
    for (String value : head.headers("Connection")) {
      for (String option : value.split(",", -1)) {
        if (option.strip().equalsIgnoreCase(name)) {
          throw ProblemException.invalid("Connection must not name " + name);
        }
      }
    }
  }

  /** Headers are read as Latin-1; what proxies send is UTF-8. */
  private static String text(String name, String value) {
    if (value.chars().allMatch(c -> c < 0x80)) {
      return value;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw ProblemException.invalid(name + " must be UTF-8");
    }
  }

  /** An appended path as text; bytes that are not UTF-8 stay one character each. */
  static String appendedText(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : path;
  }
}
