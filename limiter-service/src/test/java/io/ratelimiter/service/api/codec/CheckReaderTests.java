package io.ratelimiter.service.api.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
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
          7                                  | checks[1] must be an object
          """)
  void aFaultInABatchNamesItemAndField(String item, String detail) {
    byte[] body =
        "{\"checks\": [{\"client_id\": \"a\"}, %s]}"
            .formatted(item)
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> new CheckReader().checks(body)).hasMessage(detail);
  }
}
