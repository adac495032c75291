package io.ratelimiter.service.rules.store;

import io.ratelimiter.runtime.RootCause;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.springframework.core.NestedRuntimeException;

/** Why the database refused a statement, by SQLSTATE. */
enum Refusal {
  /** Another session has the lock. */
  LOCKED,
  /** The name is taken. */
  NAME_TAKEN,
  /** A constraint, or a trigger that acts as one, is violated. */
  CONSTRAINT,
  /** A value is outside of its type. */
  VALUE,
  /** Any other error. */
  OTHER;

  /** The SQLSTATE class of errors that a value causes. */
  private static final String DATA_EXCEPTION = "22";

  static Refusal of(NestedRuntimeException e) {
    String sqlState =
        e.getMostSpecificCause() instanceof SQLException sql && sql.getSQLState() != null
            ? sql.getSQLState()
            : "";
    return switch (sqlState) {
      case "55P03" -> LOCKED;
      case "23505" -> NAME_TAKEN;
      case "23514" -> CONSTRAINT;
      default -> sqlState.startsWith(DATA_EXCEPTION) ? VALUE : OTHER;
    };
  }

  /** The message of the constraint or the trigger. */
  static String message(NestedRuntimeException refused) {
    return refused.getMostSpecificCause() instanceof PSQLException e
            && e.getServerErrorMessage() != null
            && e.getServerErrorMessage().getMessage() != null
        ? e.getServerErrorMessage().getMessage()
        : RootCause.message(refused);
  }
}
