package io.ratelimiter.service.api.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.rules.Priority;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckReaderTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"client_id": "*"}                 | checks[1].client_id must not be *
          {"client_id": 1}                   | checks[1].client_id must be a string
          {"client_id": "a", "tenant": "A"}  | checks[1].tenant must match [a-z0-9][a-z0-9_-]{0,62}
          {"cost": 1, "cost": 1}             | checks[1].cost must be given once
          {"cost": -1}                       | checks[1].cost must be a whole number from 0 to 1000000
          {"id": "not read in checks"}       | checks[1].client_id is required
          {"priority": "urgent"}             | checks[1].priority must be high, normal or low
          {"max_wait_ms": 30001}             | checks[1].max_wait_ms must be a whole number from 0 to 30000
          {"hold": true}                     | checks[1].hold must be false in a batch, which is answered at once
          7                                  | checks[1] must be an object
          """)
  void aFaultInABatchNamesItemAndField(String item, String detail) {
    byte[] body =
        "{\"checks\": [{\"client_id\": \"a\"}, %s]}"
            .formatted(item)
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new CheckReader().checks(body)).hasMessage(detail);
  }

  @Test
  void aCheckWithoutSpendingFieldsHasTheSharedOptions() {
    CheckFields fields = read("{\"client_id\": \"a\", \"cost\": 2}");
    assertThat(fields.check().options()).isSameAs(CheckOptions.DEFAULT);
    assertThat(fields.hold()).isFalse();
  }

  @Test
  void spendingFieldsAreRead() {
    CheckFields fields =
        read(
            """
            {"client_id": "a", "priority": "high", "max_wait_ms": 30000, "settle_within_ms": 3600000, "hold": true}
            """);
    assertThat(fields.check().options())
        .isEqualTo(new CheckOptions(Priority.HIGH, 30_000, 3_600_000, null));
    assertThat(fields.hold()).isTrue();
  }

  @Test
  void aRefundHasNoSpendingFields() {
    byte[] body = bytes("{\"client_id\": \"a\", \"cost\": 1, \"max_wait_ms\": \"ignored\"}");
    assertThat(new CheckReader().refund(body).check().options()).isSameAs(CheckOptions.DEFAULT);
  }

  @Test
  void aSettlementIsRead() {
    byte[] body =
        bytes("{\"tenant\": \"acme\", \"client_id\": \"a\", \"decision_id\": \"k3-V\", \"cost\": 0, \"x\": []}");
    assertThat(new CheckReader().settlement(body))
        .isEqualTo(new SettleRequest("acme", "a", "k3-V", 0));
  }

  private static CheckFields read(String body) {
    return new CheckReader().check(bytes(body));
  }

  private static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
