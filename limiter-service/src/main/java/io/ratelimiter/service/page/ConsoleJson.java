package io.ratelimiter.service.page;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Writes records as JSON for the page: names in snake case, times as ISO 8601 in UTC. */
final class ConsoleJson {

  private final JsonMapper mapper =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  /** An answer that is not cached. */
  ResponseEntity<byte[]> answer(Object value) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .cacheControl(CacheControl.noStore())
        .body(bytes(value));
  }

  byte[] bytes(Object value) {
    return mapper.writeValueAsBytes(value);
  }
}
