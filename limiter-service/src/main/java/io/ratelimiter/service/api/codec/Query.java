package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.Priority;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a query string. */
public final class Query {

  private static final int MAX_PARAMETERS = 32;

  private final Map<String, String> parameters = new LinkedHashMap<>();

  /**
   * Parses a query.
   *
   * @param query as sent; null or empty: no parameters
   * @throws ProblemException 400, when a parameter is given twice or is not percent-encoded UTF-8
   */
  public Query(@Nullable String query) {
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
  public Map<String, String> all() {
    return Map.copyOf(parameters);
  }

  /** The value of a parameter; null when it is not given. */
  @Nullable String get(String name) {
    return parameters.get(name);
  }

  /**
   * The check that {@code client_id}, required, {@code limit_key}, {@code tenant} and {@code
   * attr.<name>} make.
   *
   * @param cost of the check
   * @throws ProblemException 400, naming field and fault
   */
  public Check subject(long cost) {
    String clientId = get("client_id");
    String limitKey = get("limit_key");
    String tenant = get("tenant");
    if (clientId == null) {
      throw ProblemException.invalid("client_id is required");
    }
    return new Check(
        tenant == null ? FieldGrammar.DEFAULT_TENANT : FieldGrammar.tenant("tenant", tenant),
        FieldGrammar.identifier("client_id", clientId),
        limitKey == null
            ? FieldGrammar.DEFAULT_LIMIT_KEY
            : FieldGrammar.identifier("limit_key", limitKey),
        AttributeFields.among(parameters),
        cost);
  }

  /**
   * The priority that the parameter {@code priority} names; normal without it.
   *
   * @throws ProblemException 400, naming the parameter
   */
  public Priority priority() {
    String priority = get("priority");
    return priority == null ? Priority.NORMAL : FieldGrammar.priority("priority", priority);
  }
}
