package io.ratelimiter.service.api;

import io.ratelimiter.service.limiter.Check;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query. */
final class Query {

  private static final int MAX_PARAMETERS = 32;

  private final Map<String, String> parameters = new HashMap<>();

  /**
   * The parameters of a query as sent.
   *
   * @throws ProblemException 400, when one is given twice or is not percent-encoded
   */
  Query(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return;
    }
    String[] pairs = query.split("&", MAX_PARAMETERS + 1);
    if (pairs.length > MAX_PARAMETERS) {
      throw ProblemException.invalid(
          "the query must have at most " + MAX_PARAMETERS + " parameters");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (parameters.put(name, value) != null) {
        throw ProblemException.invalid(name + " must be given once");
      }
    }
  }

  private static String decoded(String text) {
    try {
      String decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
      if (decoded.indexOf('\uFFFD') < 0 || text.contains("%EF%BF%BD")) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("the query must be percent-encoded: " + e.getMessage());
    }
    throw ProblemException.invalid("the query must be percent-encoded UTF-8");
  }

  /** All parameters. */
  Map<String, String> all() {
    return Map.copyOf(parameters);
  }

  /** The value of a parameter; null when it is not given. */
  @Nullable String get(String name) {
    return parameters.get(name);
  }

  /**
   * Whom the query names: {@code client_id}, required, {@code limit_key} and {@code tenant}.
   *
   * @param cost of the check that is made of it
   * @throws ProblemException 400, naming field and fault
   */
  Check subject(long cost) {
    String clientId = get("client_id");
    String limitKey = get("limit_key");
    String tenant = get("tenant");
    if (clientId == null) {
      throw ProblemException.invalid("client_id is required");
    }
    return new Check(
        tenant == null ? Fields.DEFAULT_TENANT : Fields.tenant("tenant", tenant),
        Fields.identifier("client_id", clientId),
        limitKey == null ? Fields.DEFAULT_LIMIT_KEY : Fields.identifier("limit_key", limitKey),
        cost);
  }
}
