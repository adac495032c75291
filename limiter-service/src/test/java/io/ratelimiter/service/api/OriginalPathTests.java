package io.ratelimiter.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginalPathTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /orders                  | /orders
          /orders/                 | /orders/
          /orders?id=1             | /orders
          /orders#part             | /orders
          /orders?next=http://a/b  | /orders
          //orders                 | /orders
          /./orders                | /orders
          /a/../orders             | /orders
          /../../orders            | /orders
          /%6Frders                | /orders
          /%2e%2e/orders           | /orders
          /a%2Forders              | /a/orders
          https://host/orders?x    | /orders
          https://host             | /
          https://host?x=/y        | /
          ''                       | /
          /100%                    | /100%
          /%zz                     | /%zz
          /%C3%A9                  | /é
          """)
  void however_a_path_is_written_it_is_one_path(String uri, String path) {
    assertThat(OriginalPath.of(uri)).isEqualTo(path);
  }
}
