package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes and reads under {@code If-Match} and {@code If-None-Match}. */
@LocalStack
class AdminRulesConditionsIT extends RulesByHttp {

  @Test
  void aStaleRevisionIsRefusedWith412() {
    Reply created = post("{\"client_id\":\"a\",\"rate\":20,\"window\":60}");
    long id = created.json().get("id").longValue();
    String newer = "{\"client_id\":\"a\",\"rate\":21,\"window\":60}";
    assertThat(put(id, newer, "If-Match", created.header("ETag")).status()).isEqualTo(200);

    Reply late = put(id, newer, "If-Match", created.header("ETag"));
    assertThat(late.status()).isEqualTo(412);
    assertThat(late.json().get("detail").stringValue())
        .startsWith("If-Match: the rule has revision");
    assertThat(put(id, newer, "If-Match", "\"foreign\"").status()).isEqualTo(412);
    assertThat(
            http.send("DELETE", RULES + "/" + id, "Authorization", BEARER, "If-Match", "\"1\"")
                .status())
        .isEqualTo(412);
    assertThat(put(id, newer, "If-Match", "W/" + tagOf(id)).status()).isEqualTo(412);
    assertThat(put(id, newer, "If-Match", "\"x\", " + tagOf(id)).status()).isEqualTo(200);
    assertThat(put(id, newer, "If-Match", "*").status()).isEqualTo(200);
    assertThat(http.send("DELETE", RULES + "/" + id, "Authorization", BEARER).status())
        .isEqualTo(204);
    assertThat(get(RULES + "/" + id).status()).isEqualTo(404);
  }

  @Test
  void ifNoneMatchAvoidsAnAnswerAndPreventsAReplacement() {
    String rule = "{\"client_id\":\"a\",\"rate\":20,\"window\":60}";
    Reply created = postTo(RULES, rule, "If-None-Match", "*");
    String path = RULES + "/" + created.json().get("id").longValue();
    String tag = created.header("ETag");

    assertThat(created.status()).isEqualTo(201);
    Reply again = postTo(RULES, rule, "If-None-Match", "*");
    assertThat(again.status()).isEqualTo(412);
    assertThat(again.json().get("detail").stringValue())
        .startsWith("If-None-Match: the rule is there");
    assertThat(put(created.json().get("id").longValue(), rule, "If-None-Match", "*").status())
        .isEqualTo(412);
    assertThat(http.send("DELETE", path, "Authorization", BEARER, "If-None-Match", "*").status())
        .isEqualTo(412);
    for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      Reply same = http.get(path, "Authorization", BEARER, "If-None-Match", known);
      assertThat(same.status()).as(known).isEqualTo(304);
      assertThat(same.header("ETag")).isEqualTo(tag);
      assertThat(same.text()).isEmpty();
    }
    assertThat(http.get(path, "Authorization", BEARER, "If-None-Match", "\"x\"").status())
        .isEqualTo(200);
    assertThat(http.get(path, "Authorization", BEARER, "If-Match", "\"x\"").status())
        .isEqualTo(412);
    Reply absent = postTo(RULES, rule.replace("\"a\"", "\"absent\""), "If-Match", tag);
    assertThat(absent.status()).isEqualTo(412);
    assertThat(get(RULES + "?client_id=absent").json().get("rules")).isEmpty();
    assertThat(postTo(RULES, rule, "If-Match", "unquoted").status()).isEqualTo(400);
  }
}
