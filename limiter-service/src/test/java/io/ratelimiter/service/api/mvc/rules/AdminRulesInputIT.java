package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.api.contract.HttpCaller.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid rules, ids and filters, and the details of their answers. */
@LocalStack
class AdminRulesInputIT extends RulesByHttp {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'rate':1,'window':1} | client_id is required",
        "{'client_id':'a','window':1} | rate is required",
        "{'client_id':'a','rate':'1','window':1} | rate must be a whole number, not \"1\"",
        "{'client_id':'a','rate':1.5,'window':1} | rate must be a whole number, not 1.5",
        "{'client_id':'a','rate':1,'window':0} | window must be 1 to 31622400 seconds, not 0",
        "{'client_id':'','rate':1,'window':1,'name':'x'} | client_id must have 1 to 256 bytes",
        "{'client_id':'a','rate':1,'window':1,'tenant':'A'}"
            + " | tenant must match [a-z0-9][a-z0-9_-]{0,62}, not \"A\"",
        "{'client_id':'a','rate':1,'window':1,'mode':'log'}"
            + " | mode must be enforce, shadow or exempt, not \"log\"",
        "{'client_id':'a','rate':1,'window':1,'shared':true,'endpoint':'e'}"
            + " | shared is for limit_key * only, not for e",
        "{'client_id':'a','rate':1,'window':1,'endpoint':'e','limit_key':'f'}"
            + " | endpoint and limit_key are the same field, but differ",
        "{'client_id':'a','rate':10001,'window':1,'algorithm':'sliding_window'}"
            + " | rate of sliding_window must be at most 10000, not 10001;"
            + " sliding_window_counter has no such bound",
        "{'client_id':'a','rate':1,'window':1,'valid_from':'tomorrow'}"
            + " | valid_from must be a time with its offset from 1970 to 9999,"
            + " as 2026-11-27T00:00:00Z, not \"tomorrow\"",
        "{'match':{'plan':5},'rate':1,'window':1} | match.plan must be a string",
        "{'match':{'plan':''},'rate':1,'window':1} | match.plan must have 1 to 256 bytes",
        "{'match':{'Plan':'x'},'rate':1,'window':1}"
            + " | match must have names that match [a-z][a-z0-9_.-]{0,62}",
        "{'match':{'tenant':'x'},'rate':1,'window':1}"
            + " | match must not have tenant, which is a field of its own",
        "{'match':{'client_id':'x'},'rate':1,'window':1}"
            + " | match.client_id must be a prefix and *; an exact value is given as client_id",
        "{'match':{'limit_key':'x*'},'endpoint':'e','rate':1,'window':1}"
            + " | match.limit_key must not be given beside limit_key",
        "{'by':['a','b','c','d','e'],'rate':1,'window':1} | by must have at most 4 names, each once",
        "{'by':['a','a'],'rate':1,'window':1} | by must have at most 4 names, each once",
        "{'by':[],'shared':true,'rate':1,'window':1} | shared is for rules without by only",
        "{'by':[],'rate':0,'burst':1,'window':1} | burst is not for rate 0, which allows nothing",
        "{'client_id':'a','rate':1,'window':1,'reserve':{'low':0.96}}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not 0.96",
        "{'client_id':'a','rate':1,'window':1,'reserve':{'normal':0.3,'low':0.2}}"
            + " | reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals",
        "{'client_id':'a','rate':1,'window':1,'max_wait_ms':30001}"
            + " | max_wait_ms must be 0 to 30000, not 30001",
        "{'client_id':'a','rate':1,'window':1,'algorithm':'fixed_window','max_wait_ms':1}"
            + " | max_wait_ms is for token_bucket only, not for fixed_window",
        "{'client_id':'a','rate':2,'window':1,'overdraft':21}"
            + " | overdraft must be 0 to 10 times the capacity, 20, not 21",
        "[] | a rule must be a JSON object"
      })
  void badInputIsNamedWithItsFieldAndFault(String body, String detail) {
    Reply reply = post(body.replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).isEqualTo(detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x2",
        "+2",
        "02",
        "%202",
        "2%20",
        "\u0662",
        "#2",
        "0",
        "-2",
        "9223372036854775808"
      })
  void anIdIsPlainDecimalDigits(String id) {
    String path = RULES + "/" + id.replace("\u0662", "%D9%A2").replace("#", "%23");

    for (Reply reply :
        List.of(
            http.send("DELETE", path, "Authorization", BEARER),
            get(path),
            get(path + "/history"))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.json().get("detail").stringValue()).startsWith("id must be a whole number");
    }
    assertThat(get(RULES + "/2").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tenant", "client_id", "limit_key", "endpoint", "name", "mode", "enabled"})
  void nulInAFilterIsABadRequest(String filter) {
    Reply reply = get(RULES + "?" + filter + "=a%00b");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue())
        .isEqualTo(filter + " must not have the character NUL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'rate':1,'rate':2 | \"rate\" must be given once",
        "'metadata':{'a':1,'a':2} | \"a\" must be given once",
        "'rate':1e-400 | rate must be a whole number, not 1E-400",
        "'rate':1e999999999 | rate must be a whole number, not 1E+999999999",
        "'rate':1,'metadata':{'a':1e2000} | metadata must have only numbers that a double holds",
        "'rate':1,'metadata':{'a':9007199254740993} | metadata must have only numbers",
        "'rate':1,'metadata':{'a':'\\u0000'} | metadata must be text without NUL",
        "'rate':1,'metadata':{'\\ud800':1} | metadata must be text without NUL and lone surrogates"
      })
  void valuesThatCannotBeStoredUnchangedAreRefusedWith400(String members, String fault) {
    Reply reply = post(("{'client_id':'a','window':1," + members + "}").replace('\'', '"'));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).contains(fault);
    assertThat(get(RULES + "?client_id=a").json().get("rules")).isEmpty();
  }

  @Test
  void aBodyThatIsNotJsonInUtf8IsRefused() {
    String rule = "{\"client_id\":\"a\",\"rate\":20,\"window\":60}";

    assertThat(postTo(RULES, rule, "Content-Type", "text/plain").status()).isEqualTo(415);
    assertThat(postTo(RULES, rule, "Content-Type", "application/json;charset=utf-16").status())
        .isEqualTo(415);
    assertThat(postTo(RULES, "").status()).isEqualTo(400);
  }

  @Test
  void aNameThatWouldBeTooLongMustBeGiven() {
    String body = "{\"client_id\":\"%s\",\"rate\":1,\"window\":1}".formatted("ü".repeat(40));

    assertThat(post(body).json().get("detail").stringValue())
        .isEqualTo(
            "name is required: made from client_id and endpoint it would have 240 characters,"
                + " more than 128");
    assertThat(post(body.replace("}", ",\"name\":\"n\"}")).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({"limit=0", "limit=1001", "after=x", "mode=log", "enabled=1"})
  void badQueriesAreNamedToo(String query) {
    Reply reply = get(RULES + "?" + query);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).startsWith(query.split("=")[0] + " must");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=false", "limit=%ff"})
  void invalidQueriesAreRefused(String query) {
    Reply reply = get(RULES + "?" + query);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).contains("query");
  }

  @Test
  void aFilterThatIsGivenTwiceIsRefused() {
    Reply reply = get(RULES + "?client_id=a&client_id=b");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").stringValue()).isEqualTo("client_id must be given once");
  }
}
