package io.ratelimiter.service.rules.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Spending;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fields reserve, max_wait_ms and overdraft. */
class SpendingJsonTests {

  private static final String PLAIN = "\"reserve\":null,\"max_wait_ms\":0,\"overdraft\":0";

  private static RuleDefinition read(String members) {
    String body = "{'client_id':'a','rate':100,'window':60%s}".formatted(members);
    return RuleJsonReader.read(
        RuleJsonReader.parse(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | 0 | 0 | 0 | 0",
        ",'reserve':null,'max_wait_ms':null,'overdraft':null | 0 | 0 | 0 | 0",
        ",'reserve':{} | 0 | 0 | 0 | 0",
        ",'reserve':{'normal':null,'low':null} | 0 | 0 | 0 | 0",
        ",'reserve':{'normal':0.2,'low':0.5} | 2000 | 5000 | 0 | 0",
        ",'reserve':{'low':0.95} | 0 | 9500 | 0 | 0",
        ",'reserve':{'normal':0.2} | 2000 | 2000 | 0 | 0",
        ",'reserve':{'normal':0.0001,'low':9.5e-1} | 1 | 9500 | 0 | 0",
        ",'reserve':{'normal':0,'low':0.200000} | 0 | 2000 | 0 | 0",
        ",'reserve':{'normal':-0.0,'low':0e999999999} | 0 | 0 | 0 | 0",
        ",'max_wait_ms':30000,'overdraft':1e3 | 0 | 0 | 30000 | 1000"
      })
  void eachFormIsRead(String members, int normal, int low, long wait, long overdraft) {
    assertThat(read(members).spending()).isEqualTo(new Spending(normal, low, wait, overdraft));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'reserve':0.5 | reserve must be an object with normal and low, not 0.5",
        "'reserve':[0.5] | reserve must be an object with normal and low, not [0.5]",
        "'reserve':{'high':0.5} | reserve must have the members normal and low only, not \"high\"",
        "'reserve':{'Low':0.5} | reserve must have the members normal and low only, not \"Low\"",
        "'reserve':{'low':0.9501}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not 0.9501",
        "'reserve':{'normal':-0.0001}"
            + " | reserve.normal must be a number from 0 to 0.95 with at most 4 decimals, not -0.0001",
        "'reserve':{'low':0.00001}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not 0.00001",
        "'reserve':{'low':1e999999999}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not 1E+999999999",
        "'reserve':{'low':1e-999999999}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not 1E-999999999",
        "'reserve':{'low':'0.5'}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not \"0.5\"",
        "'reserve':{'low':true}"
            + " | reserve.low must be a number from 0 to 0.95 with at most 4 decimals, not true",
        "'max_wait_ms':1.5 | max_wait_ms must be a whole number, not 1.5",
        "'max_wait_ms':'1' | max_wait_ms must be a whole number, not \"1\"",
        "'overdraft':{} | overdraft must be a whole number, not {}",
        "'overdraft':1e999999999 | overdraft must be a whole number, not 1E+999999999"
      })
  void aFaultIsNamedWithItsField(String member, String fault) {
    assertThatThrownBy(() -> read("," + member))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessage(fault);
  }

  @Test
  void aLongNameOfAMemberIsShownInPart() {
    assertThatThrownBy(() -> read(",'reserve':{'%s':1}".formatted("n".repeat(9_000))))
        .hasMessageStartingWith("reserve must have the members normal and low only, not \"nnn")
        .message()
        .hasSizeLessThan(200);
  }

  @Test
  void aWrittenRuleIsReadAgain() {
    RuleDefinition rule =
        read(",'reserve':{'normal':0.2,'low':0.9001},'max_wait_ms':1500,'overdraft':40");
    String json = new RuleJsonWriter().definition(rule).toString();

    assertThat(json)
        .contains(
            "\"reserve\":{\"normal\":0.2,\"low\":0.9001},\"max_wait_ms\":1500,\"overdraft\":40");
    assertThat(RuleJsonReader.read(RuleJsonReader.parse(json.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(rule);
  }

  @Test
  void anAnswerAlwaysHasTheFields() {
    RuleJsonWriter writer = new RuleJsonWriter();
    RuleDefinition plain = read("");
    RuleDefinition low = read(",'reserve':{'low':0.5}");
    RuleDefinition exempt = read(",'mode':'exempt','overdraft':7");

    assertThat(writer.definition(plain).toString()).contains(PLAIN);
    assertThat(active(writer, plain)).contains(PLAIN);
    assertThat(active(writer, low))
        .contains("\"reserve\":{\"normal\":0,\"low\":0.5},\"max_wait_ms\":0,\"overdraft\":0");
    assertThat(writer.definition(exempt).toString()).contains("\"overdraft\":7");
    assertThat(active(writer, exempt))
        .contains("\"reserve\":null,\"max_wait_ms\":null,\"overdraft\":null");
  }

  private static String active(RuleJsonWriter writer, RuleDefinition rule) {
    return writer
        .active(rule.effective(RuleContext.of(Algorithm.TOKEN_BUCKET), 1, 0, 0))
        .toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // A row from before the columns.
        "{'window_seconds':1} | 'reserve':null,'max_wait_ms':0,'overdraft':0",
        "{'window_seconds':1,'reserve_normal':0,'reserve_low':0,'max_wait_ms':0,'overdraft':0}"
            + " | 'reserve':null",
        "{'window_seconds':1,'reserve_normal':0.2,'reserve_low':0.5000,'max_wait_ms':5,'overdraft':6}"
            + " | 'reserve':{'normal':0.2,'low':0.5}"
      })
  void aRowOfTheHistoryHasTheNamesOfTheApi(String row, String shown) {
    RuleHistoryEntry.Image image = new RuleHistoryEntry.Image(row.replace('\'', '"'), "{}");

    assertThat(new RuleJsonWriter().past(image).toString())
        .contains(shown.replace('\'', '"'))
        .doesNotContain("reserve_");
  }
}
