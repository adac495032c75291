package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON strictly: UTF-8 only, no duplicate members, numbers exactly as written. */
public final class StrictJson {

  /** Max nesting; deep enough that metadata that is too deep is refused by its own bound. */
  private static final int MAX_LEVELS = 2 * Metadata.MAX_LEVELS;

  private static final int MAX_NAME_CHARACTERS = Metadata.MAX_BYTES;

  private static final Pattern DOUBLED = Pattern.compile("Duplicate Object property (\".*\")");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_LEVELS)
                          .maxNameLength(MAX_NAME_CHARACTERS)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * The text of these bytes, without a byte order mark.
   *
   * @throws InvalidRuleException when they are not UTF-8
   */
  public static String utf8(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidRuleException("it must be JSON in UTF-8, and is not UTF-8", e);
    }
  }

  /**
   * Parses the text as one value.
   *
   * @throws InvalidRuleException naming the fault and its place
   */
  public static JsonNode parse(String text) {
    try (JsonParser parser = parser(text)) {
      JsonNode value = parser.nextToken() == null ? null : next(parser);
      if (value == null || parser.nextToken() != null) {
        throw new InvalidRuleException("it must be one JSON value, neither none nor several");
      }
      return value;
    } catch (JacksonException e) {
      throw new InvalidRuleException(fault(e), e);
    }
  }

  /** Reads the text token by token; it throws {@link JacksonException}, see {@link #fault}. */
  public static JsonParser parser(String text) {
    return MAPPER.createParser(text);
  }

  /**
   * Reads the value that begins at the parser's current token.
   *
   * @throws InvalidRuleException when it has a number whose exponent exceeds an int
   */
  public static JsonNode next(JsonParser parser) {
    try {
      return MAPPER.readTree(parser);
    } catch (NumberFormatException e) {
      throw new InvalidRuleException("it must have no number beyond 1e2147483647; it has one", e);
    }
  }

  /** The fault in the text and its place, in one line. */
  public static String fault(JacksonException e) {
    Matcher doubled = DOUBLED.matcher(String.valueOf(e.getOriginalMessage()));
    if (doubled.lookingAt()) {
      return doubled.group(1) + " must be given once; it is there again" + place(e);
    }
    if (e instanceof StreamConstraintsException) {
      return "it must have at most %d levels, names of %d and numbers of %d characters; it has more%s"
          .formatted(
              MAX_LEVELS, MAX_NAME_CHARACTERS, StreamReadConstraints.DEFAULT_MAX_NUM_LEN, place(e));
    }
    return "it must be valid JSON; it is not" + place(e);
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null || e.getLocation().getLineNr() < 1
        ? ""
        : " at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
