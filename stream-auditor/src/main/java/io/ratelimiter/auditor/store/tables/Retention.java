package io.ratelimiter.auditor.store.tables;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * How long rows are kept. A day is a day in UTC.
 *
 * @param clientDays days for which rows of clients are kept
 * @param totalDays days for which all others are kept, except bills
 */
public record Retention(Clock clock, int clientDays, int totalDays) {

  /** Months for which bills are kept: a year, and the month in which it is compared. */
  private static final int BILL_MONTHS = 13;

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** The first day whose rows are kept. */
  LocalDate oldest(Table table) {
    return switch (table) {
      case METRICS -> today().minusDays(clientDays);
      case TOTALS, TENANTS, INSTANCES, UNIQUE_CLIENTS -> today().minusDays(totalDays);
      case BILLS -> today().minusMonths(BILL_MONTHS);
    };
  }
}
