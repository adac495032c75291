package io.ratelimiter.schemas;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** asyncapi.json, for the tests of this module and of the publishers. */
public final class AsyncApi {

  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode document;

  AsyncApi(JsonNode document) {
    this.document = document;
  }

  /** Reads the document that this module ships. */
  public static AsyncApi shipped() {
    return new AsyncApi(resource("/asyncapi.json"));
  }

  static JsonNode resource(String name) {
    try (InputStream in = AsyncApi.class.getResourceAsStream(name)) {
      return JSON.readTree(Objects.requireNonNull(in, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode document() {
    return document;
  }

  /** Returns the node to which a {@code $ref} in the document points; missing if there is none. */
  JsonNode resolve(String ref) {
    return ref.startsWith("#") ? document.at(ref.substring(1)) : resource(ref.substring(1));
  }

  /** All messages on the topic with this address. */
  List<JsonNode> messagesOn(String address) {
    return document.get("channels").values().stream()
        .filter(channel -> channel.get("address").asString().equals(address))
        .flatMap(channel -> channel.get("messages").values().stream())
        .map(message -> resolve(message.get("$ref").asString()))
        .toList();
  }

  /** The message whose value has this type, for example {@code decision.v1}. */
  JsonNode message(String type) {
    return document.at("/components/messages").values().stream()
        .filter(message -> message.get("name").asString().equals(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no message " + type));
  }

  /** Names of the headers that every record of this type has. */
  public Set<String> requiredHeaders(String type) {
    Set<String> names = new TreeSet<>();
    StreamSupport.stream(message(type).at("/headers/required").spliterator(), false)
        .forEach(name -> names.add(name.asString()));
    return names;
  }

  /** Faults of a record's headers, as an object of texts; empty when they are as documented. */
  public List<String> faultsOfHeaders(String type, String headers) {
    return faults(message(type).get("headers"), headers);
  }

  static List<String> faults(JsonNode schema, String value) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema)
        .validate(value, InputFormat.JSON)
        .stream()
        .map(Error::toString)
        .toList();
  }
}
