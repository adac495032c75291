package io.ratelimiter.service.api.access;

import io.ratelimiter.service.api.http.Peer;
import io.ratelimiter.service.api.http.RequestHead;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's head with these header fields, each once and in this spelling. */
public record TestHead(Map<String, String> fields, Peer peer) implements RequestHead {

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/v1/admin/rules";
  }

  @Override
  public @Nullable String query() {
    return null;
  }

  @Override
  public @Nullable String header(String name) {
    return fields.get(name);
  }

  @Override
  public List<String> headers(String name) {
    String value = fields.get(name);
    return value == null ? List.of() : List.of(value);
  }
}
