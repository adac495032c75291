package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.SettleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads checks from JSON, without reflection. Messages name the invalid field; unknown fields are
 * skipped.
 */
public final class CheckReader {

  /** Max number of checks in a batch. */
  static final int MAX_CHECKS = 100;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_CHARACTERS = 64;
  private static final int MAX_NAME_CHARACTERS = 1_024;

  /** Buffers are recycled by thread: the default pool makes event loops contend for them. */
  private final JsonFactory json =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_CHARACTERS)
                  .maxNameLength(MAX_NAME_CHARACTERS)
                  .build())
          .build();

  /**
   * Reads one check.
   *
   * @throws ProblemException 400, naming field and fault
   */
  public CheckFields check(byte[] body) {
    return read(body, CheckFields::read);
  }

  /**
   * Reads the checks of a batch, in order.
   *
   * @throws ProblemException 400, naming item, field and fault
   */
  public List<Check> checks(byte[] body) {
    return read(body, CheckReader::readBatch);
  }

  /**
   * Reads a refund.
   *
   * @throws ProblemException 400, naming field and fault
   */
  public Refund refund(byte[] body) {
    return read(body, CheckFields::readRefund);
  }

  /**
   * Reads a settlement.
   *
   * @throws ProblemException 400, naming field and fault
   */
  public SettleRequest settlement(byte[] body) {
    return read(body, SettleFields::read);
  }

  private <T> T read(byte[] body, Function<JsonParser, T> reading) {
    refuseOtherEncodings(body);
    try (JsonParser parser = json.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ProblemException.invalid("the body must be a JSON object");
      }
      T value = reading.apply(parser);
      if (parser.nextToken() != null) {
        throw ProblemException.invalid(
            "the body must be one JSON object, and something follows it");
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw ProblemException.invalid(
          "the body must have at most %d levels, names of %d and numbers of %d characters"
              .formatted(MAX_DEPTH, MAX_NAME_CHARACTERS, MAX_NUMBER_CHARACTERS));
    } catch (JacksonException e) {
      throw ProblemException.invalid("the body must be valid JSON in UTF-8" + where(e));
    }
  }

  /** The parser would also accept UTF-16 and UTF-32; their first bytes are never JSON in UTF-8. */
  private static void refuseOtherEncodings(byte[] body) {
    for (int i = 0; i < Math.min(2, body.length); i++) {
      if (body[i] == 0 || (body[i] & 0xFF) >= 0xFE) {
        throw ProblemException.invalid("the body must be valid JSON in UTF-8");
      }
    }
  }

  private static String where(JacksonException e) {
    return e.getLocation() == null || e.getLocation().getLineNr() < 1
        ? ""
        : "; it is not at line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static List<Check> readBatch(JsonParser parser) {
    List<Check> checks = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean known = parser.currentName().equals("checks");
      JsonToken value = parser.nextToken();
      if (!known) {
        parser.skipChildren();
      } else if (checks != null) {
        throw ProblemException.invalid("checks must be given once");
      } else if (value != JsonToken.START_ARRAY) {
        throw ProblemException.invalid("checks must be an array");
      } else {
        checks = readItems(parser);
      }
    }
    if (checks == null) {
      throw ProblemException.invalid("checks is required");
    }
    return checks;
  }

  private static List<Check> readItems(JsonParser parser) {
    List<Check> checks = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (checks.size() == MAX_CHECKS) {
        throw ProblemException.invalid("checks must have at most " + MAX_CHECKS + " items");
      }
      checks.add(readItem(parser, checks.size()));
    }
    if (checks.isEmpty()) {
      throw ProblemException.invalid("checks must have at least one item");
    }
    return checks;
  }

  private static Check readItem(JsonParser parser, int index) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw ProblemException.invalid("checks[" + index + "] must be an object");
    }
    try {
      CheckFields fields = CheckFields.read(parser);
      if (fields.hold()) {
        throw ProblemException.invalid("hold must be false in a batch, which is answered at once");
      }
      return fields.check();
    } catch (ProblemException e) {
      throw inBatch(index, e.problem().detail());
    }
  }

  /**
   * The problem of one check of a batch: 400, naming item, field and fault.
   *
   * @param index of the check, from 0
   * @param detail begins with the field's name
   */
  public static ProblemException inBatch(int index, String detail) {
    return ProblemException.invalid("checks[" + index + "]." + detail);
  }
}
