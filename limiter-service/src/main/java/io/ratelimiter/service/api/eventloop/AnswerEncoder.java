package io.ratelimiter.service.api.eventloop;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Encodes answers; one to {@code HEAD} has no body, whatever its headers announce. */
final class AnswerEncoder extends HttpResponseEncoder {

  private boolean headOnly;

  /** Sets whether the next answer is to a HEAD request. */
  void headOnly(boolean nextIsHeadOnly) {
    headOnly = nextIsHeadOnly;
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse response) {
    return headOnly || super.isContentAlwaysEmpty(response);
  }
}
