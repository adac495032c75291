package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.api.AuthzEndpoint;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.Guard;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.api.RequestPath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is served at which path of a port. */
final class Routes {

  /**
   * An endpoint.
   *
   * @param name in metrics
   * @param handedOn normalized path under which the request is handed on; null where {@code
   *     endpoint} answers it
   */
  record Route(String name, Endpoint endpoint, @Nullable String handedOn) {

    Route(String name, Endpoint endpoint) {
      this(name, endpoint, null);
    }
  }

  private final Route authz;
  private final Map<String, Route> endpoints = new HashMap<>();
  private final @Nullable Guard guard;

  private Routes(Endpoint authz, @Nullable Guard guard) {
    this.authz = new Route("authz", authz);
    this.guard = guard;
  }

  /** A port at which there are these endpoints and nothing else, in this spelling. */
  static Routes checks(Endpoint check, Endpoint batch, Endpoint authz) {
    Routes routes = new Routes(authz, null);
    routes.endpoints.put("/v1/check", new Route("check", check));
    routes.endpoints.put("/v1/check/batch", new Route("batch", batch));
    return routes;
  }

  /** The same port, with these endpoints too, and all that is handed on. */
  Routes withEverything(Endpoint usage, Endpoint refund, Endpoint reset, Guard paths) {
    Routes routes = new Routes(authz.endpoint(), paths);
    routes.endpoints.putAll(endpoints);
    routes.endpoints.put("/v1/usage", new Route("usage", usage));
    routes.endpoints.put("/v1/admin/refunds", new Route("refund", refund));
    routes.endpoints.put("/v1/admin/usage", new Route("reset", reset));
    return routes;
  }

  /**
   * What is at a path; where there is nothing, an endpoint that says so. The forms of authz are
   * matched as they are sent: what follows them is a proxy's data and leads nowhere else.
   *
   * @param path as sent
   */
  Route at(String path) {
    Route exact = endpoints.get(path);
    if (exact != null) {
      return exact;
    }
    if (AuthzEndpoint.at(path)) {
      return authz;
    }
    return guard == null ? missing(path) : elsewhere(RequestPath.normalize(path), guard);
  }

  private Route elsewhere(@Nullable String normalized, Guard paths) {
    if (normalized == null) {
      return new Route(RequestMetrics.OTHER, Refused.MALFORMED);
    }
    Route known = endpoints.get(normalized);
    return known == null
        ? new Route(RequestMetrics.OTHER, new HandedOn(normalized, paths), normalized)
        : known;
  }

  private static Route missing(String path) {
    return new Route(RequestMetrics.OTHER, Refused.missing(path));
  }
}
