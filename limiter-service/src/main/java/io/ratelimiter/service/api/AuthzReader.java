package io.ratelimiter.service.api;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a check of what a proxy asks in headers and query. */
final class AuthzReader {

  /** Where the endpoint stands; what follows is the proxy's path. */
  static final String PREFIX = "/v1/authz";

  private final ActiveRules rules;

  AuthzReader(ActiveRules rules) {
    this.rules = rules;
  }

  /**
   * The check that the head asks for.
   *
   * @throws ProblemException 400, naming header or parameter and fault
   */
  Check check(RequestHead head, Query query) {
    String clientId = text(head, "X-Client-ID");
    if (clientId == null) {
      throw ProblemException.invalid("X-Client-ID is required, and the proxy must set it itself");
    }
    String tenant = query.get("tenant");
    String checkedTenant = tenant == null ? Fields.DEFAULT_TENANT : Fields.tenant("tenant", tenant);
    return new Check(
        checkedTenant,
        Fields.identifier("X-Client-ID", clientId),
        limitKey(head, query, checkedTenant),
        cost(head.header("X-Cost")));
  }

  private String limitKey(RequestHead head, Query query, String tenant) {
    String by = query.get("key");
    if (by == null) {
      String given = text(head, "X-Limit-Key");
      return given == null ? Fields.DEFAULT_LIMIT_KEY : Fields.identifier("X-Limit-Key", given);
    }
    if (!by.equals("path")) {
      throw ProblemException.invalid("key must be path");
    }
    String path = OriginalPath.of(originalUri(head));
    return rules.current().namesLimitKey(tenant, path) ? path : Fields.DEFAULT_LIMIT_KEY;
  }

  private static String originalUri(RequestHead head) {
    for (String name : List.of("X-Original-URI", "X-Forwarded-Uri")) {
      String uri = head.header(name);
      if (uri != null) {
        return uri;
      }
    }
    return head.path().substring(Math.min(PREFIX.length(), head.path().length()));
  }

  private static long cost(@Nullable String given) {
    if (given == null) {
      return 1;
    }
    if (given.isEmpty()
        || given.length() > 7
        || !given.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw ProblemException.invalid(Fields.costFault("X-Cost"));
    }
    return Fields.cost("X-Cost", Integer.parseInt(given));
  }

  /** Servers read headers as Latin-1; what proxies send is UTF-8. */
  private static @Nullable String text(RequestHead head, String name) {
    String value = head.header(name);
    if (value == null || value.chars().allMatch(c -> c < 0x80)) {
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
}
