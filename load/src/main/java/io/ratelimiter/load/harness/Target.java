package io.ratelimiter.load.harness;

import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.stack.Stack.Running;
import java.util.function.LongFunction;

/**
 * A measured service.
 *
 * @param name for the report
 * @param service the process whose processor time is measured
 * @param port port of its check endpoint
 * @param decides whether it publishes its answers as decisions
 */
public record Target(String name, Running service, int port, boolean decides) {

  public static final String EMPTY = "E";
  public static final String LIMITER = "limiter";

  public static Target empty(Running service) {
    return new Target(EMPTY, service, service.port(), false);
  }

  public static Target limiter(Running limiter) {
    return new Target(LIMITER, limiter, limiter.port(), true);
  }

  public OpenLoop.Load load(int connections, LongFunction<byte[]> requests) {
    return new OpenLoop.Load(port, connections, requests);
  }
}
