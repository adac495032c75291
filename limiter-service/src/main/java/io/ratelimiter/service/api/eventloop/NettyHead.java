package io.ratelimiter.service.api.eventloop;

import io.netty.handler.codec.http.HttpRequest;
import io.ratelimiter.service.api.Peer;
import io.ratelimiter.service.api.RequestHead;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request that Netty decoded. */
record NettyHead(
    HttpRequest request, String path, @Nullable String query, @Nullable SocketAddress from)
    implements RequestHead {

  static NettyHead of(HttpRequest request, @Nullable SocketAddress from) {
    String target = request.uri();
    int path = pathStart(target);
    int mark = target.indexOf('?', path);
    return mark < 0
        ? new NettyHead(request, target.substring(path), null, from)
        : new NettyHead(request, target.substring(path, mark), target.substring(mark + 1), from);
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

  /** A proxy adds its line after those that came with the request. */
  @Override
  public Peer peer() {
    List<String> forwardedFor = headers("X-Forwarded-For");
    return Peer.of(address(), forwardedFor.isEmpty() ? null : forwardedFor.getLast());
  }

  /** Numeric address of the other end of the connection; empty where it has none. */
  String address() {
    return from instanceof InetSocketAddress address ? address.getAddress().getHostAddress() : "";
  }
}
