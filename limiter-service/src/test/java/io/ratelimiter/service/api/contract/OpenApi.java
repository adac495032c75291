package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Validates answers against the OpenAPI document that the service serves. */
public final class OpenApi {

  private static final String ID = "https://ratelimiter.invalid/openapi.json";

  private final JsonNode document;
  private final SchemaRegistry registry;

  public OpenApi(String text) {
    document = new JsonMapper().readTree(text);
    registry =
        SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(ID, text)));
  }

  public JsonNode document() {
    return document;
  }

  /**
   * Validates status, headers, media type and body. Answers to methods and paths that are not in
   * the document must be problems.
   */
  public void validate(String method, String path, HttpResponse<byte[]> answer) {
    String template = template(path);
    JsonNode operation =
        template == null
            ? null
            : document.at("/paths/" + escaped(template)).get(method.toLowerCase());
    if (operation == null) {
      assertThat(answer.statusCode()).isIn(400, 401, 403, 404, 405, 429);
      validateBody("#/components/schemas/Problem", answer);
      return;
    }
    JsonNode response = operation.get("responses").get(Integer.toString(answer.statusCode()));
    assertThat(response)
        .as("%s %s documents %d", method, template, answer.statusCode())
        .isNotNull();
    String pointer =
        "/paths/"
            + escaped(template)
            + "/"
            + method.toLowerCase()
            + "/responses/"
            + answer.statusCode();
    if (response.has("$ref")) {
      pointer = response.get("$ref").asString().substring(1);
      response = document.at(pointer);
    }
    validateHeaders(response, answer);
    validateContent(response, pointer, answer);
  }

  private void validateHeaders(JsonNode response, HttpResponse<byte[]> answer) {
    for (String name : answer.headers().map().keySet()) {
      if (name.startsWith("ratelimit") || name.equals("retry-after")) {
        assertThat(response.get("headers").propertyNames())
            .as("documented headers")
            .anyMatch(name::equalsIgnoreCase);
      }
    }
    assertThat(answer.headers().firstValue("X-Correlation-ID")).isPresent();
  }

  private void validateContent(JsonNode response, String pointer, HttpResponse<byte[]> answer) {
    JsonNode content = response.get("content");
    if (content == null) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
    assertThat(content.propertyNames()).contains(type);
    if (type.endsWith("json")) {
      validateBody("#" + pointer + "/content/" + escaped(type) + "/schema", answer);
    }
  }

  private void validateBody(String fragment, HttpResponse<byte[]> answer) {
    Schema schema = registry.getSchema(SchemaLocation.of(ID + fragment));
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(schema.validate(body, InputFormat.JSON)).as(body).isEmpty();
  }

  private String template(String path) {
    String withoutQuery = path.split("\\?", 2)[0];
    for (String template : document.get("paths").propertyNames()) {
      String pattern =
          Pattern.quote(template)
              .replace("{path}", "\\E.*\\Q")
              .replace("{options}", "\\E[^/]*\\Q")
              .replace("{id}", "\\E[^/]*\\Q");
      if (withoutQuery.matches(pattern)) {
        return template;
      }
    }
    return null;
  }

  private static String escaped(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }
}
