package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every example and every message of docs/rules.md, by HTTP. */
@LocalStack
class DocumentedRulesIT extends RulesByHttp {

  private RulesPage page;

  @BeforeAll
  void readPage() throws IOException {
    page =
        RulesPage.of(Files.readString(Path.of("../docs/rules.md")), ServiceUnderTest.ADMIN_TOKEN);
  }

  @Test
  void everyAnswerOfAnExampleHasTheDocumentedFields() {
    SoftAssertions all = new SoftAssertions();
    assertThat(page.examples()).hasSize(10);
    for (RulesPage.Example example : page.examples()) {
      assertThat(example.calls()).as(example.title()).isNotEmpty();
      for (RulesPage.Call call : example.calls()) {
        Reply reply = http.send(call.path(), call::writeTo);
        if (call.answer() == null) {
          awaitInForce(call, reply);
        } else {
          all.assertThat(call.answer().faults(reply.json()))
              .as("%s: %s%nanswered %s", example.title(), call.argument(), reply.text())
              .isEmpty();
        }
      }
    }
    all.assertAll();
  }

  /** Returns once this instance applies the rule. */
  private void awaitInForce(RulesPage.Call call, Reply reply) {
    assertThat(reply.status()).as("%s answered %s", call.argument(), reply.text()).isEqualTo(201);
    long revision = reply.json().get("revision").longValue();
    await()
        .atMost(SOON)
        .until(() -> http.get("/rules").json().get("revision").longValue() >= revision);
  }

  /** Of the tenant acme of the page: as many rules as are possible, and one more. */
  @Test
  void everyBoundHasTheDocumentedMessage() throws SQLException {
    String inOneCell = "'match':{'ip':'*'},'by':['ip']";
    List<String> refused = new ArrayList<>();
    refused.add(beyond(8, _ -> inOneCell));
    refused.add(beyond(8, n -> "'by':['a%d']".formatted(n)));
    refused.add(beyond(8, n -> "'match':{'a%d':'v'}".formatted(n)));
    refused.add(beyond(64, n -> "'match':{'ip':'%d.*'},'by':['ip']".formatted(n)));
    refused.add(beyond(32, n -> "'by':['a%d']".formatted(n / 8)));

    assertThat(refused).isEqualTo(page.bounds());
  }

  /** The message for the rule after so many, of numbers from 0. */
  private String beyond(int allowed, IntFunction<String> terms) throws SQLException {
    onlyTheShippedRules();
    for (int n = 0; n < allowed; n++) {
      assertThat(post(acme(n, terms)).status()).isEqualTo(201);
    }
    Reply refused = post(acme(allowed, terms));
    assertThat(refused.status()).isEqualTo(409);
    return refused.json().get("detail").stringValue();
  }

  private static String acme(int n, IntFunction<String> terms) {
    return "{'tenant':'acme','name':'n%d','rate':1,'window':60,%s}"
        .formatted(n, terms.apply(n))
        .replace('\'', '"');
  }

  @Test
  void everyRefusedRuleHasTheDocumentedMessage() {
    assertThat(page.refusals()).hasSizeGreaterThan(5);
    page.refusals()
        .forEach((rule, message) -> {
          Reply reply = post(rule);
          assertThat(reply.status()).as(rule).isEqualTo(400);
          assertThat(reply.json().get("detail").stringValue()).isEqualTo(message);
        });
  }
}
