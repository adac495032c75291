package io.ratelimiter.service.api;

import io.ratelimiter.service.api.access.Guard;
import io.ratelimiter.service.api.authz.AuthzEndpoint;
import io.ratelimiter.service.api.endpoints.Endpoint;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.api.http.RequestPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint for a request by its path. Each port has its own routes. */
public final class Routes {

  /**
   * An endpoint at its path.
   *
   * @param name in metrics
   */
  record Route(String name, Endpoint endpoint) {}

  private final CorrelationIds correlationIds = new CorrelationIds();
  private final ProblemWriter problems;
  private final @Nullable Guard guard;
  private final Map<String, Route> byPath = new HashMap<>();
  private @Nullable Route authz;

  private Routes(List<EndpointList.Entry> served, @Nullable Guard guard, ProblemWriter problems) {
    this.guard = guard;
    this.problems = problems;
    for (EndpointList.Entry entry : served) {
      Route route = new Route(entry.name(), entry.handler());
      if (entry.path().equals(AuthzEndpoint.PATH)) {
        authz = route;
      } else {
        byPath.put(entry.path(), route);
      }
    }
  }

  /** Routes of the port of checks: its endpoints under exactly their path, and nothing else. */
  public static Routes ofCheckPort(EndpointList endpoints, ProblemWriter problems) {
    return new Routes(
        endpoints.entries().stream().filter(EndpointList.Entry::onCheckPort).toList(),
        null,
        problems);
  }

  /**
   * Routes of the port of everything: requests for other paths are delegated.
   *
   * @param guard admits delegated requests
   */
  public static Routes ofPort(EndpointList endpoints, Guard guard, ProblemWriter problems) {
    return new Routes(endpoints.entries(), guard, problems);
  }

  /** Begins the exchange with the endpoint at the request's path, or one that answers 404. */
  public Exchange exchange(RequestHead head) {
    return new Exchange(at(head.path()), head, correlationIds, problems);
  }

  /** Matches the forms of authz as sent: what follows them belongs to the proxy's caller. */
  private Route at(String path) {
    Route exact = byPath.get(path);
    if (exact != null) {
      return exact;
    }
    if (authz != null && AuthzEndpoint.at(path)) {
      return authz;
    }
    return guard == null
        ? other(new ProblemEndpoint(Problem.nothingAt(path)))
        : normalized(RequestPath.normalize(path), guard);
  }

  private Route normalized(@Nullable String path, Guard guardOfDelegated) {
    if (path == null) {
      return other(ProblemEndpoint.MALFORMED);
    }
    Route known = byPath.get(path);
    return known == null ? other(new DelegatedEndpoint(path, guardOfDelegated)) : known;
  }

  private static Route other(Endpoint endpoint) {
    return new Route(RequestMetrics.OTHER, endpoint);
  }
}
