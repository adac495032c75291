package io.ratelimiter.service.rules.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleJsonReaderTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'client_id':'default','rate':1,'window':1} | *",
        "{'client_id':'default','rate':1,'window':1,'endpoint':'login'} | *",
        "{'client_id':'default','rate':1,'window':1,'algorithm':'fixed_window'} | *",
        "{'client_id':'default','rate':1,'window':1,'limit_key':'login'} | *",
        "{'client_id':'default','rate':1,'window':1,'limit_key':'*','name':'n'} | default",
        "{'client_id':'*','rate':1,'window':1,'limit_key':'*','name':'n'} | *"
      })
  void defaultMeansEveryClientUnlessTheRuleIsComplete(String json, String client) {
    assertThat(read(json).terms().clientId()).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'by':[],'rate':1,'window':1} | * | *",
        "{'match':{'ip':'*'},'rate':1,'window':1} | * | *",
        "{'match':{'ip':'*'},'endpoint':'search','rate':0,'window':1} | * | */search",
        "{'client_id':'a','by':['ip'],'rate':1,'window':1} | a | a",
        "{'client_id':'default','by':['ip'],'rate':1,'window':1} | * | default"
      })
  void aRuleWithMatchOrByNeedsNoClient(String json, String client, String name) {
    assertThat(read(json).terms().clientId()).isEqualTo(client);
    assertThat(read(json).terms().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'match':{},'by':null} | client_id is required",
        "{'match':[]} | match must be an object",
        "{'match':'x'} | match must be an object",
        "{'match':{'plan':5}} | match.plan must be a string",
        "{'match':{'plan':null}} | match.plan must be a string",
        "{'by':'ip'} | by must be an array, not \"ip\"",
        "{'by':['ip',5]} | by[1] must be a string, not 5",
        "{'by':[null]} | by[0] must be a string, not null"
      })
  void aFaultOfMatchOrByIsNamed(String json, String fault) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(InvalidRuleException.class).hasMessage(fault);
  }

  @Test
  void aRuleWithMatchAndByIsReadAgainWithByAscending() {
    RuleDefinition rule =
        read(
            """
            {'name': 'n', 'match': {'plan': 'pro', 'ip': '10.*', 'client_id': 'a*'},
             'by': ['ip', 'client_id'], 'rate': 0, 'window': 1}
            """);
    String json = new RuleJsonWriter().definition(rule).toString();

    assertThat(rule.terms().by()).containsExactly("client_id", "ip");
    assertThat(rule.terms().match()).hasSize(3).containsEntry("ip", "10.*");
    assertThat(json)
        .contains("\"match\":{\"client_id\":\"a*\",\"ip\":\"10.*\",\"plan\":\"pro\"}")
        .contains("\"by\":[\"client_id\",\"ip\"]");
    assertThat(RuleJsonReader.read(RuleJsonReader.parse(json.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(rule);
  }

  @Test
  void anAnswerAlwaysHasMatchAndBy() {
    RuleJsonWriter writer = new RuleJsonWriter();
    RuleDefinition rule = read("{'client_id':'a','rate':1,'window':1}");
    RuleHistoryEntry.Image older = new RuleHistoryEntry.Image("{\"window_seconds\":1}", "{}");

    assertThat(writer.definition(rule).toString()).contains("\"match\":{},\"by\":null");
    assertThat(writer.active(rule.effective(Algorithm.TOKEN_BUCKET, 1, 0, 0)).toString())
        .contains("\"match\":{},\"by\":null");
    assertThat(writer.past(older).toString()).contains("\"match\":{},\"by\":null");
  }

  @Test
  void aWrittenRuleIsReadAgain() {
    RuleDefinition rule =
        read(
            """
            {'client_id': 'default', 'limit_key': '*', 'tenant': 'acme', 'name': 'n', 'rate': 5,
             'window': 60, 'burst': 9, 'mode': 'shadow', 'enabled': false, 'shared': true,
             'always': true, 'fail_mode': 'local', 'metadata': {'a': 0.1},
             'valid_from': '2026-11-27T00:00:00.000001Z'}
            """);
    String json = new RuleJsonWriter().definition(rule).toString();

    assertThat(RuleJsonReader.read(RuleJsonReader.parse(json.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(rule);
  }

  @Test
  void wholeNumbersHaveTheGrammarOfChecks() {
    RuleDefinition rule =
        read("{'client_id':'a','rate':5.0,'window':6e1,'burst':70e-1,'algorithm':'token_bucket'}");

    assertThat(rule.policy().rate()).isEqualTo(5);
    assertThat(rule.policy().windowSeconds()).isEqualTo(60);
    assertThat(rule.policy().burst()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-400", "0.99999999999999999999", "1e999999999", "1.5", "'1'", "true"})
  void noOtherNumberIsWhole(String rate) {
    assertThatThrownBy(() -> read("{'client_id':'a','window':1,'rate':" + rate + "}"))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("rate must be a whole number, not ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'rate':1,'rate':2} | \"rate\" must be given once; it is there again at line 1, column ",
        "{'unknown':1,'unknown':2} | \"unknown\" must be given once",
        "{'metadata':{'a':{'b':1,'b':1}}} | \"b\" must be given once",
        "{'rate':1} {} | it must be one JSON value, neither none nor several",
        "`` | it must be one JSON value, neither none nor several",
        "{'rate':1e99999999999} | it must have no number beyond 1e2147483647; it has one",
        "{'rate': | it must be valid JSON; it is not at line 1, column "
      })
  void ambiguousJsonIsRefused(String json, String fault) {
    assertThatThrownBy(() -> RuleJsonReader.parse(bytes(json)))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageContaining("the body cannot be read: " + fault);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    String json = "{\"client_id\":\"ü\",\"rate\":1,\"window\":1}";
    for (var charset :
        new java.nio.charset.Charset[] {
          StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE
        }) {
      assertThatThrownBy(() -> RuleJsonReader.parse(json.getBytes(charset)))
          .as(charset.name())
          .isInstanceOf(InvalidRuleException.class);
    }
  }

  private static RuleDefinition read(String json) {
    return RuleJsonReader.read(RuleJsonReader.parse(bytes(json)));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
