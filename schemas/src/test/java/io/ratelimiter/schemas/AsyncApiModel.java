package io.ratelimiter.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.asyncapi.v3._0_0.model.AsyncAPI;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Validates AsyncAPI 3.0 documents with the classes of asyncapi-core, and with
 * asyncapi-structure.json where these are lenient.
 */
final class AsyncApiModel {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .defaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_NULL, Include.ALWAYS))
          .build();

  private AsyncApiModel() {}

  /** Returns the faults; empty when the document is valid. */
  static List<String> faults(String text) {
    List<String> faults =
        new ArrayList<>(AsyncApi.faults(AsyncApi.resource("/asyncapi-structure.json"), text));
    PrintStream errors = System.err;
    // The model prints stack traces of what it omits.
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    try {
      JsonNode document = JSON.readTree(text);
      forgetTopicSettings(document);
      JsonNode bound = JSON.valueToTree(JSON.treeToValue(document, AsyncAPI.class));
      compare("", document, bound, faults);
    } catch (JsonProcessingException e) {
      faults.add(e.getOriginalMessage());
    } finally {
      System.setErr(errors);
    }
    return faults;
  }

  /** The model has an int for retention.ms, and not all settings that the binding allows. */
  private static void forgetTopicSettings(JsonNode document) {
    for (JsonNode channel : document.path("channels")) {
      if (channel.at("/bindings/kafka") instanceof ObjectNode kafka) {
        kafka.remove("topicConfiguration");
      }
    }
  }

  /**
   * Adds a fault for each difference. The model's maps omit an element with an unknown property or
   * a wrong type; only the comparison shows that.
   */
  private static void compare(String path, JsonNode document, JsonNode bound, List<String> faults) {
    if (document.isObject() && bound.isObject()) {
      Set<String> names = new TreeSet<>();
      document.fieldNames().forEachRemaining(names::add);
      bound.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(path + "/" + name, orNull(document, name), orNull(bound, name), faults);
      }
    } else if (document.isArray() && bound.isArray() && document.size() == bound.size()) {
      for (int i = 0; i < document.size(); i++) {
        compare(path + "/" + i, document.get(i), bound.path(i), faults);
      }
    } else if (!document.equals(bound)) {
      faults.add("%s: %s is understood as %s".formatted(path, document, bound));
    }
  }

  /** A member; null if it is missing, or if the model added it and left it empty. */
  private static JsonNode orNull(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isMissingNode() || value.isObject() && value.isEmpty()
        ? NullNode.getInstance()
        : value;
  }
}
