package io.ratelimiter.service.api.authz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathVariantsTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /orders                  | /orders
          /orders/                 | /orders
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
          /orders;v=1              | /orders
          /orders%3bv=1            | /orders
          /a;x/../orders           | /orders
          /orders;x/               | /orders
          /x/%2e%2e;y/orders       | /orders
          /a//../orders            | /orders
          /a/b%2f../orders         | /a/orders
          /http://orders           | /http:/orders
          https://host/orders?x    | /orders
          https://host             | /
          https://host?x=/y        | /
          ''                       | /
          orders                   | /orders
          /100%                    | /100%
          /%zz                     | /%zz
          /%C3%A9                  | /é
          """)
  void aLimitOnAPathAppliesToAllItsSpellings(String uri, String path) {
    assertThat(PathVariants.of(uri)).contains(path);
  }

  @Test
  void aPlainPathHasAVariantWithAndWithoutItsLastSlash() {
    assertThat(PathVariants.of("/orders/4711?x")).containsExactly("/orders/4711", "/orders/4711/");
    assertThat(PathVariants.of("/")).containsExactly("/");
  }

  @Test
  void aPathIsDecodedOnceAndKeepsItsCase() {
    assertThat(PathVariants.of("/%256Frders")).doesNotContain("/orders");
    assertThat(PathVariants.of("/ORDERS")).doesNotContain("/orders");
  }
}
