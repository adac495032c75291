package io.ratelimiter.service.api.eventloop;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Encodes answers; one to {@code HEAD} has no body, whatever its head says. */
final class AnswerEncoder extends HttpResponseEncoder {

  private boolean headOnly;

  /** Says what the request whose answer comes next has asked for. */
  void headOnly(boolean nextIsHeadOnly) {
    headOnly = nextIsHeadOnly;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return headOnly || super.isContentAlwaysEmpty(response);
  }
}
