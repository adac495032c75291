package io.ratelimiter.schemas;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Validates values with the JSON Schemas of the topics in this module's jar. */
public final class EventSchemas {

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new HashMap<>();

  /**
   * Validates a value with the schema of its type.
   *
   * @param type its {@code ce_type}, or {@code block-rate.v1}, {@code series-report.v1}
   * @return the faults; empty when it is valid
   */
  public List<String> faults(String type, byte[] value) {
    return schemas
        .computeIfAbsent(type, this::read)
        .validate(new String(value, StandardCharsets.UTF_8), InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }

  private Schema read(String type) {
    try (InputStream in = EventSchemas.class.getResourceAsStream("/schemas/" + type + ".json")) {
      return registry.getSchema(
          new String(Objects.requireNonNull(in, type).readAllBytes(), StandardCharsets.UTF_8),
          InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
