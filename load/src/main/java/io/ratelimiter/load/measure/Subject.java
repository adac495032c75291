package io.ratelimiter.load.measure;

import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.stack.Stack.Running;
import java.util.List;
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
  static final String EVENT_LOOP = "event loop";
  static final String SERVLET = "servlet";

  static Subject empty(Running service) {
    return new Subject(EMPTY, service, service.port(), false);
  }

  static Subject eventLoop(Running limiter) {
    return new Subject(EVENT_LOOP, limiter, limiter.port() + 1, true);
  }

  static Subject servlet(Running limiter) {
    return new Subject(SERVLET, limiter, limiter.port(), true);
  }

  static List<Subject> edges(Running limiter) {
    return List.of(eventLoop(limiter), servlet(limiter));
  }

  OpenLoop.Target target(int connections, LongFunction<byte[]> requests) {
    return new OpenLoop.Target(port, connections, requests);
  }
}
