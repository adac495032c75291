package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.ProblemException;
import io.ratelimiter.service.api.RequestHead;
import io.ratelimiter.service.api.RequestMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which endpoint serves a path. Paths are read as they are sent, in the spelling of the contract:
 * here are programs that ask often, and none of them writes {@code /v1/./check}.
 */
final class Routes {

  private static final String AUTHZ = "/v1/authz";

  /**
   * An endpoint.
   *
   * @param name in metrics
   */
  record Route(String name, Endpoint endpoint) {}

  private final Route check;
  private final Route batch;
  private final Route authz;
  private final Route nothing = new Route(RequestMetrics.OTHER, Nothing.HERE);

  Routes(Endpoint check, Endpoint batch, Endpoint authz) {
    this.check = new Route("check", check);
    this.batch = new Route("batch", batch);
    this.authz = new Route("authz", authz);
  }

  /** What is at a path; where there is nothing, an endpoint that says so. */
  Route at(String path) {
    return switch (path) {
      case "/v1/check" -> check;
      case "/v1/check/batch" -> batch;
      case AUTHZ -> authz;
      default -> path.startsWith(AUTHZ + "/") ? authz : nothing;
    };
  }

  /** What stands at every other path. */
  private enum Nothing implements Endpoint {
    HERE;

    @Override
    public int maxBodyBytes() {
      return IGNORED;
    }

    @Override
    public void admit(RequestHead head) {
      throw new ProblemException(Problem.of(404, "there is nothing at " + head.path()));
    }

    @Override
    public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
      return CompletableFuture.failedStage(new IllegalStateException("nothing is admitted here"));
    }
  }
}
