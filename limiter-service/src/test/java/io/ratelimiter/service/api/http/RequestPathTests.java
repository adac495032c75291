package io.ratelimiter.service.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /                        | /
          /rules                   | /rules
          /v1/admin/rules/1        | /v1/admin/rules/1
          /v1/admin/rules/         | /v1/admin/rules/
          //v1//admin///rules      | /v1/admin/rules
          /v1/./admin/rules        | /v1/admin/rules
          /v1/x/../admin/rules     | /v1/admin/rules
          /v1/x/%2e%2e/admin/rules | /v1/admin/rules
          /v1/%61dmin/rules        | /v1/admin/rules
          /page/..                 | /
          /page/.                  | /page/
          /a%20b                   | /a%20b
          /a%3bb                   | /a%3Bb
          /a%3Fb                   | /a%3Fb
          /%c3%a9                  | /%C3%A9
          /a%25b                   | /a%25b
          /.well-known/x           | /.well-known/x
          """)
  void aPathHasOneNormalForm(String sent, String normal) {
    assertThat(RequestPath.normalize(sent)).isEqualTo(normal);
    assertThat(RequestPath.normalize(normal)).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rules",
        "*",
        "/..",
        "/a/../../b",
        "/%2e%2e",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/%00",
        "/%0a",
        "/%7f",
        "/%zz",
        "/%",
        "/%4",
        "/%ff",
        "/%c0%af",
        "/a|b",
        "/v1/admin;x=1/rules",
        "/v1/;/admin/rules",
        "/v1/x/..;y/admin/rules",
        "/v1/admin/rules/2;a=b",
        "/a b",
        "/\u00e9"
      })
  void aMalformedOrDeceptivePathHasNoNormalForm(String sent) {
    assertThat(RequestPath.normalize(sent)).isNull();
  }
}
