package io.ratelimiter.load.measure;

import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.stack.Stack.Running;
import java.util.function.LongFunction;

/**
 * What is asked.
 *
 * @param name for people
 * @param service whose processor time it is
 * @param port where it answers
 * @param decides whether its answers are decisions, which the topic must tell
 */
record Subject(String name, Running service, int port, boolean decides) {

  static final String EMPTY = "E";
  static final String LIMITER = "limiter";

  static Subject empty(Running service) {
    return new Subject(EMPTY, service, service.port(), false);
  }

  static Subject limiter(Running limiter) {
    return new Subject(LIMITER, limiter, limiter.port(), true);
  }

  OpenLoop.Target target(int connections, LongFunction<byte[]> requests) {
    return new OpenLoop.Target(port, connections, requests);
  }
}
