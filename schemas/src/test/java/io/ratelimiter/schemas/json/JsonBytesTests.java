package io.ratelimiter.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTests {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7_990, 8_000, 8_001, 100_000})
  void anObjectOfAnyLengthIsWrittenWhole(int characters) {
    String text = "x".repeat(characters);

    byte[] json =
        new JsonBytes()
            .write(out -> {
              out.writeStringProperty("a", text);
              out.writeNumberProperty("b", 1);
            });

    assertThat(new String(json, StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":\"" + text + "\",\"b\":1}");
  }

  @Test
  void anArrayIsWritten() {
    byte[] json =
        new JsonBytes()
            .writeArray(out -> {
              out.writeString("a");
              out.writeNumber(1);
            });

    assertThat(json).asString(StandardCharsets.UTF_8).isEqualTo("[\"a\",1]");
  }
}
