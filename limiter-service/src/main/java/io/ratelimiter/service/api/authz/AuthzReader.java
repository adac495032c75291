package io.ratelimiter.service.api.authz;

import io.ratelimiter.service.api.codec.FieldGrammar;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Attributes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a check from the head of a proxy's request. Uses only the headers that the options name:
 * all others may come from the proxy's own caller.
 */
final class AuthzReader {

  private static final List<String> URI_HEADERS =
      List.of("X-Original-URI", "X-Original-URL", "X-Forwarded-Uri");

  private final ActiveRules rules;

  AuthzReader(ActiveRules rules) {
    this.rules = rules;
  }

  /**
   * Reads the check.
   *
   * @param appended path that the proxy appended; null when a header has the original URI
   * @throws ProblemException 400, naming header or option and fault
   */
  Check check(RequestHead head, AuthzOptions options, @Nullable String appended) {
    String tenant = options.tenant();
    String client = options.clientHeader();
    String clientId = value(head, client);
    if (clientId == null) {
      throw ProblemException.invalid(client + " is required, and the proxy must set it itself");
    }
    long cost = cost(head, options.costHeader());
    return new Check(
        tenant,
        options.network(FieldGrammar.identifier(client, clientId)),
        limitKey(head, options, tenant, appended),
        attributes(head, options),
        cost,
        options.spending(cost));
  }

  private String limitKey(
      RequestHead head, AuthzOptions options, String tenant, @Nullable String appended) {
    String header = options.keyHeader();
    if (header != null) {
      String given = value(head, header);
      if (given == null) {
        throw ProblemException.invalid(header + " is required: key_header names it");
      }
      return FieldGrammar.identifier(header, given);
    }
    String key = options.key();
    if (key == null) {
      return FieldGrammar.DEFAULT_LIMIT_KEY;
    }
    return key.equals("path")
        ? PathKey.of(
            rules.current(), tenant, appended == null ? originalUri(head, options) : appended)
        : FieldGrammar.identifier("key", key);
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

  private static Attributes attributes(RequestHead head, AuthzOptions options) {
    Map<String, String> nameByHeader = options.attributes();
    if (nameByHeader.isEmpty()) {
      return Attributes.NONE;
    }
    Map<String, String> values = new HashMap<>();
    nameByHeader.forEach((header, name) -> {
      // Without it limits do not apply, so a caller must not have it removed by an earlier proxy.
      refuseHopByHop(head, header);
      String value = value(head, header);
      if (value != null) {
        values.put(name, options.network(FieldGrammar.identifier(header, value)));
      }
    });
    return Attributes.of(values);
  }

  private static long cost(RequestHead head, @Nullable String header) {
    if (header == null) {
      return 1;
    }
    String given = value(head, header);
    if (given == null || given.isEmpty() || given.length() > 7 || !digits(given)) {
      throw ProblemException.invalid(FieldGrammar.costFault(header));
    }
    return FieldGrammar.cost(header, Integer.parseInt(given));
  }

  private static boolean digits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** The value of a header; different values are refused: the proxy's caller may have added one. */
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

  /**
   * An intermediate proxy may remove a header that Connection names, with the proxy's own value.
   */
  private static void refuseHopByHop(RequestHead head, String name) {
    for (String value : head.headers("Connection")) {
      for (String option : value.split(",", -1)) {
        if (option.strip().equalsIgnoreCase(name)) {
          throw ProblemException.invalid("Connection must not name " + name);
        }
      }
    }
  }

  /** Decodes UTF-8, which proxies send, from a header that was read as Latin-1. */
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
