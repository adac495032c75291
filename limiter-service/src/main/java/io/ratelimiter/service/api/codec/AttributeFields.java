package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.Attributes;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the attributes of one check; a message names the invalid one. */
final class AttributeFields {

  /** The parameters of a query that are attributes begin with this and a dot. */
  private static final String PARAMETER = "attr";

  private final String field;
  private final Map<String, String> values = new HashMap<>();

  private AttributeFields(String field) {
    this.field = field;
  }

  /**
   * Reads a JSON object from its opening brace to its closing one.
   *
   * @param field its name, for messages
   * @throws ProblemException 400, with a detail that begins with the field's name
   */
  static Attributes read(String field, JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw ProblemException.invalid(field + " must be an object");
    }
    AttributeFields fields = new AttributeFields(field);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      fields.admit(name);
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw ProblemException.invalid(fields.member(name) + " must be a string");
      }
      fields.take(name, parser.getString());
    }
    return Attributes.of(fields.values);
  }

  /**
   * The attributes among the parameters of a query: {@code attr.<name>=<value>}.
   *
   * @throws ProblemException 400, with a detail that begins with the parameter's name
   */
  static Attributes among(Map<String, String> parameters) {
    AttributeFields fields = new AttributeFields(PARAMETER);
    String prefix = fields.member("");
    parameters.forEach((parameter, value) -> {
      if (parameter.startsWith(prefix)) {
        String name = parameter.substring(prefix.length());
        fields.admit(name);
        fields.take(name, value);
      }
    });
    return Attributes.of(fields.values);
  }

  /** Validates the name before any message repeats it. */
  private void admit(String name) {
    FieldGrammar.attributeName(field, name);
    if (values.containsKey(name)) {
      throw ProblemException.invalid(member(name) + " must be given once");
    }
    if (values.size() == Attributes.MAX) {
      throw ProblemException.invalid(FieldGrammar.attributesFault(field));
    }
  }

  private void take(String name, String value) {
    values.put(name, FieldGrammar.identifier(member(name), value));
  }

  private String member(String name) {
    return field + "." + name;
  }
}
