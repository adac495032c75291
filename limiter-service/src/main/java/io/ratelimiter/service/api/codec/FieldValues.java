package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.WholeNumber;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the value of one JSON field; every fault is reported with the name of the field. */
final class FieldValues {

  /** Stands for an absent or invalid whole number; valid ones are not negative. */
  static final long NO_NUMBER = -1;

  private FieldValues() {}

  /**
   * Refuses a field that was read before.
   *
   * @throws ProblemException 400, naming the field
   */
  static void refuseSecond(String name, boolean given) {
    if (given) {
      throw ProblemException.invalid(name + " must be given once");
    }
  }

  /**
   * The text at the current token.
   *
   * @param given whether the field was read before
   * @throws ProblemException 400, naming the field
   */
  static String text(String name, boolean given, JsonParser parser) {
    refuseSecond(name, given);
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw ProblemException.invalid(name + " must be a string");
    }
    return parser.getString();
  }

  /**
   * The client id, limit key or other identifier at the current token.
   *
   * @param given whether the field was read before
   * @throws ProblemException 400, naming the field
   */
  static String identifier(String name, boolean given, JsonParser parser) {
    return FieldGrammar.identifier(name, text(name, given, parser));
  }

  /**
   * The cost at the current token.
   *
   * @param before the cost that was read before, or {@link #NO_NUMBER}
   * @throws ProblemException 400, naming the field
   */
  static long cost(String name, long before, JsonParser parser) {
    refuseSecond(name, before != NO_NUMBER);
    return FieldGrammar.cost(name, wholeNumber(parser));
  }

  /** The whole number at the current token; {@link #NO_NUMBER} for anything else. */
  static long wholeNumber(JsonParser parser) {
    if (!parser.currentToken().isNumeric()) {
      return NO_NUMBER;
    }
    if (parser.getNumberType() == JsonParser.NumberType.INT) {
      return parser.getIntValue();
    }
    try {
      return WholeNumber.of(parser.getDecimalValue()).orElse(NO_NUMBER);
    } catch (NumberFormatException _) {
      // Its exponent exceeds an int.
      return NO_NUMBER;
    }
  }
}
