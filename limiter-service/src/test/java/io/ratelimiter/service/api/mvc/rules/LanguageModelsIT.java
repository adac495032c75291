package io.ratelimiter.service.api.mvc.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.limiter.Threads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/language-models.md, and its gateway for many callers, with a model server of the test. */
@LocalStack
class LanguageModelsIT extends RulesByHttp {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, Integer> TOKENS =
      Map.of("Why is the sky blue?", 57, "Tell me a long story.", 2_048);
  private static final Pattern USED = Pattern.compile("\"total_tokens\": *(\\d+)");
  private static final int ESTIMATE = 50;

  @TempDir private Path folder;

  @Test
  @Tag("full")
  void everyCommandGivesTheDocumentedAnswer() throws Exception {
    String text = Files.readString(Path.of("../docs/language-models.md"));
    ShellPage page = ShellPage.of(text);
    assertThat(page.blocks()).hasSize(9);
    List<List<String>> printed;
    try (ModelServer model = new ModelServer(TOKENS::get)) {
      printed =
          page.run(
              folder,
              Map.of(
                  "http://localhost:8000",
                  service.url().toString(),
                  "http://localhost:9000",
                  "http://localhost:" + model.port(),
                  "ADMIN_TOKEN=…",
                  "ADMIN_TOKEN=" + ServiceUnderTest.ADMIN_TOKEN));
    }
    SoftAssertions all = new SoftAssertions();
    for (int i = 0; i < printed.size(); i++) {
      compare(all, page.blocks().get(i), printed.get(i));
    }
    all.assertAll();
  }

  private static void compare(SoftAssertions all, ShellPage.Block block, List<String> lines) {
    all.assertThat(lines).as(block.commands()).hasSameSizeAs(block.answers());
    for (int i = 0; i < Math.min(lines.size(), block.answers().size()); i++) {
      String line = lines.get(i);
      all.assertThat(block.answers().get(i).faults(JSON.readTree(line)))
          .as("%s%nanswered %s", block.commands(), line)
          .isEmpty();
    }
  }

  /** The rules with tokens per minute, which the document does not send. */
  @Test
  void theRulesPerMinuteAreAccepted() throws IOException {
    String page = Files.readString(Path.of("../docs/language-models.md"));
    List<String> rules =
        page.lines().filter(line -> line.startsWith("{\"tenant\": \"llm\"")).toList();
    assertThat(rules).hasSize(2);
    rules.forEach(rule -> assertThat(post(rule).status()).as(rule).isEqualTo(201));
  }

  /**
   * Eight users of one organisation at once; each request is estimated at 50 tokens and uses 1 to
   * 120. A ninth user is killed before it settles.
   */
  @Test
  void exactlyTheTokensThatTheModelReportsAreCharged() throws Exception {
    post(rule("'name':'user','client_id':'*','shared':true,'rate':5000"));
    post(rule("'name':'organisation','by':['org'],'rate':50000"));
    int used;
    try (ModelServer model = new ModelServer(Integer::parseInt)) {
      used =
          Threads.sum(
              8,
              user -> {
                int sum = 0;
                for (int i = 0; i < 10; i++) {
                  sum += ask(model, "user-" + user, 1 + (user * 17 + i * 13) % 120);
                }
                assertThat(remaining("user-" + user, 0)).isEqualTo(5_000 - sum);
                return sum;
              });
    }
    checked("killed");

    assertThat(remaining("killed", 0)).isEqualTo(5_000 - ESTIMATE);
    assertThat(remaining("killed", 1)).isEqualTo(50_000 - used - ESTIMATE);
  }

  private static String rule(String fields) {
    return "{'tenant':'exact','window':31622400,'overdraft':1000,%s}"
        .formatted(fields)
        .replace('\'', '"');
  }

  /** Returns the tokens that the model reported; the settlement must be of exactly these. */
  private int ask(ModelServer model, String user, int tokens) {
    JsonNode checked = checked(user);
    int used = stream(model, Integer.toString(tokens));
    assertThat(used).isEqualTo(tokens);
    JsonNode settled =
        http.post(
                "/v1/settle",
                JSON.writeValueAsString(
                    Map.of(
                        "tenant",
                        "exact",
                        "client_id",
                        user,
                        "decision_id",
                        checked.get("decision_id").stringValue(),
                        "cost",
                        used)))
            .json();
    assertThat(settled.get("uncharged").longValue()).isZero();
    for (JsonNode limit : settled.get("limits")) {
      assertThat(limit.get("given_back").longValue()).isEqualTo(Math.max(0, ESTIMATE - used));
      assertThat(limit.get("taken").longValue()).isEqualTo(Math.max(0, used - ESTIMATE));
    }
    return used;
  }

  private JsonNode checked(String user) {
    JsonNode answer =
        http.check(
                "{'tenant':'exact','client_id':'%s','attributes':{'org':'acme'},'cost':%d,'settle_within_ms':60000}"
                    .formatted(user, ESTIMATE)
                    .replace('\'', '"'))
            .json();
    assertThat(answer.get("allowed").booleanValue()).as(answer.toString()).isTrue();
    return answer;
  }

  private static int stream(ModelServer model, String prompt) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:%d/v1/chat/completions".formatted(model.port())))
            .POST(
                BodyPublishers.ofString(
                    "{\"stream\":true,\"messages\":[{\"content\":\"%s\"}]}".formatted(prompt)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient();
        Stream<String> events = client.send(request, BodyHandlers.ofLines()).body()) {
      return events
          .map(USED::matcher)
          .filter(Matcher::find)
          .mapToInt(found -> Integer.parseInt(found.group(1)))
          .findFirst()
          .orElseThrow();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("the model did not answer", e);
    }
  }

  private long remaining(String user, int limit) {
    return http.get("/v1/usage?tenant=exact&client_id=%s&attr.org=acme".formatted(user))
        .json()
        .get("limits")
        .get(limit)
        .get("remaining")
        .longValue();
  }
}
