package io.ratelimiter.service.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The attributes of checks, in every request that has them. */
public interface AttributesContract extends EdgeContract {

  /** Attributes as JSON. */
  String IP_AND_PLAN = "{\"plan\":\"pro\",\"ip\":\"2001:db8::1\"}";

  /** The same in a query. */
  String IP_AND_PLAN_QUERY = "&attr.ip=2001:db8::1&attr.plan=pro";

  @Test
  default void aCheckHasTheAttributesOfItsBody() {
    http().check("{\"client_id\":\"attributed\",\"attributes\":%s}".formatted(IP_AND_PLAN));
    assertThat(published().decisionsOf("attributed"))
        .extracting(AttributesContract::attributes)
        .containsExactly(Map.of("ip", "2001:db8::1", "plan", "pro"));
  }

  @Test
  default void eachCheckOfABatchHasItsOwnAttributes() {
    String item = "{\"client_id\":\"batched\",\"cost\":%d,\"attributes\":%s}";
    http()
        .post(
            "/v1/check/batch",
            "{\"checks\":[%s,%s,{\"client_id\":\"batched\",\"cost\":3}]}"
                .formatted(item.formatted(1, IP_AND_PLAN), item.formatted(2, "{\"ip\":\"::1\"}")));
    assertThat(published().decisionsOf("batched"))
        .extracting(made -> made.check().cost() + " " + attributes(made))
        .containsExactlyInAnyOrder("1 {ip=2001:db8::1, plan=pro}", "2 {ip=::1}", "3 {}");
  }

  @Test
  default void anInvalidAttributeOfABatchIsNamedAndChargesNothing() {
    int before = published().count();
    Reply reply =
        http()
            .post(
                "/v1/check/batch",
                "{\"checks\":[{\"client_id\":\"b\"},{\"client_id\":\"b\",\"attributes\":{\"ip\":1}}]}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString())
        .isEqualTo("checks[1].attributes.ip must be a string");
    assertThat(published().count()).isEqualTo(before);
  }

  @Test
  default void aRefundAndAResetHaveAttributes() {
    String[] admin = {"Authorization", "Bearer " + ServiceUnderTest.ADMIN_TOKEN};
    String refund = "{\"client_id\":\"adjusted\",\"attributes\":%s}".formatted(IP_AND_PLAN);
    assertThat(edge().mainPort().post("/v1/admin/refunds", refund, admin).status()).isEqualTo(200);
    String reset = "/v1/admin/usage?client_id=adjusted" + IP_AND_PLAN_QUERY;
    assertThat(edge().mainPort().send("DELETE", reset, admin).status()).isEqualTo(200);
    assertThat(published().adjustmentsOf("adjusted"))
        .extracting(AttributesContract::attributes)
        .hasSize(2)
        .containsOnly(Map.of("ip", "2001:db8::1", "plan", "pro"));
  }

  @Test
  default void usageTakesAttributesAndNamesAnInvalidOne() {
    String usage = "/v1/usage?client_id=a";
    assertThat(edge().mainPort().get(usage + IP_AND_PLAN_QUERY).status()).isEqualTo(200);
    Reply refused = edge().mainPort().get(usage + "&attr.ip=");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("detail").asString()).isEqualTo("attr.ip must not be empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/authz?attributes=ip,user_agent,plan",
        "/v1/authz-with/attributes=ip%2Cuser_agent%2Cplan",
        "/v1/authz-with/attributes=ip%2Cuser_agent%2Cplan/orders?attributes=secret"
      })
  default void authzReadsTheAttributesThatItsOptionNames(String path) {
    String client = "proxied-" + path.length();
    http()
        .get(
            path,
            "X-Client-ID",
            client,
            "x-attribute-ip",
            "2001:db8::1",
            "X-Attribute-User-Agent",
            "curl/8.5",
            "X-Attribute-Secret",
            "added by the caller");
    assertThat(published().decisionsOf(client))
        .extracting(AttributesContract::attributes)
        .containsExactly(Map.of("ip", "2001:db8::1", "user_agent", "curl/8.5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/authz", "/v1/authz/?attributes=ip", "/v1/authz-with/key=a/"})
  default void withoutTheOptionNoAttributeIsRead(String path) {
    String client = "plain-" + path.length();
    http().get(path, "X-Client-ID", client, "X-Attribute-Ip", "203.0.113.7");
    assertThat(published().decisionsOf(client))
        .extracting(AttributesContract::attributes)
        .containsExactly(Map.of());
  }

  @Test
  default void anIpv6AddressInAnAttributeIsANetworkWithThatOption() {
    http()
        .get(
            "/v1/authz?ipv6_prefix=64&attributes=ip,plan",
            "X-Client-ID",
            "networked",
            "X-Attribute-Ip",
            "2001:db8:7:8:ffff::2",
            "X-Attribute-Plan",
            "pro");
    assertThat(published().decisionsOf("networked"))
        .extracting(AttributesContract::attributes)
        .containsExactly(Map.of("ip", "2001:db8:7:8::/64", "plan", "pro"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ip      | X-Attribute-Ip: a\\r\\nX-Attribute-Ip: b | X-Attribute-Ip must not have different values
          ip      | X-Attribute-Ip: a\\r\\nConnection: x-attribute-ip | Connection must not name X-Attribute-Ip
          ip      | Connection: X-Attribute-Ip   | Connection must not name X-Attribute-Ip
          ip      | X-Attribute-Ip:              | X-Attribute-Ip must not be empty
          ip      | X-Attribute-Ip: *            | X-Attribute-Ip must not be *
          a_b,a.b | X-D: 1                       | attributes must not name X-Attribute-A-B twice: a_b and a.b
          IP      | X-D: 1                       | attributes must have names that match
          tenant  | X-D: 1                       | attributes must not have tenant
          """)
  default void anInvalidAttributeOfAuthzIsNamed(String names, String header, String detail)
      throws IOException {
    String path = "/v1/authz?attributes=" + names;
    assertThat(rawAuthz(path, "X-Client-ID: a", header.replace("\\r\\n", "\r\n")))
        .startsWith("HTTP/1.1 400 ")
        .contains(detail);
  }

  private static Map<String, String> attributes(CheckResult made) {
    return made.check().attributes().asMap();
  }

  private static Map<String, String> attributes(AdjustmentResult made) {
    return made.check().attributes().asMap();
  }
}
