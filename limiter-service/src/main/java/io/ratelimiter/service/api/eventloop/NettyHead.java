package io.ratelimiter.service.api.eventloop;

import io.netty.handler.codec.http.HttpRequest;
import io.ratelimiter.service.api.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request that Netty decoded. */
record NettyHead(HttpRequest request, String path, @Nullable String query) implements RequestHead {

  static NettyHead of(HttpRequest request) {
    String target = request.uri();
    int path = pathStart(target);
    int mark = target.indexOf('?', path);
    return mark < 0
        ? new NettyHead(request, target.substring(path), null)
        : new NettyHead(request, target.substring(path, mark), target.substring(mark + 1));
  }

  /** After scheme and authority, where a caller sends a whole URI. */
  private static int pathStart(String target) {
    int authority = target.startsWith("/") ? -1 : HttpViolations.authorityStart(target);
    return authority < 0 ? 0 : Math.max(0, target.indexOf('/', authority));
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }
}
