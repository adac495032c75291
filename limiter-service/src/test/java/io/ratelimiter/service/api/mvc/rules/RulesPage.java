package io.ratelimiter.service.api.mvc.rules;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The examples of docs/rules.md: calls of the shell functions that the page defines, each as the
 * HTTP request of its function. Calls of {@code rule} have no printed answer.
 *
 * @param refusals the message by the rule that is refused with it
 * @param bounds the message of each bound of a tenant
 */
record RulesPage(List<Example> examples, Map<String, String> refusals, List<String> bounds) {

  private static final Pattern FUNCTION =
      Pattern.compile(
          "(?m)^(\\w+)\\(\\) +\\{ curl -s (?:-X (\\w+) )?\"?http://localhost:8000([^ \"$]+)(\\$1)?\"?(.*); echo; }$");
  private static final Pattern HEADER = Pattern.compile("-H (['\"])([^:]+): (.+?)\\1");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?s)### ([^\n]+)\n[^#]*?```sh\n(.*?)```\n\n```json\n(.*?)```");
  private static final Pattern CALL = Pattern.compile("(\\w+) '([^']*)'");
  private static final Pattern BOUND = Pattern.compile("(?m)^\\| \\d+ [^|]+ \\| `(.+)` \\|$");
  private static final Pattern REFUSAL = Pattern.compile("(?m)^\\| `(\\{.*})` \\| `(.+)` \\|$");

  /** The calls of one section. */
  record Example(String title, List<Call> calls) {}

  /**
   * A call with its argument.
   *
   * @param answer null where the page prints none
   */
  record Call(Function function, String argument, @Nullable PrintedAnswer answer) {

    /** Path and query of its request. */
    String path() {
      return function.method().equals("POST") ? function.path() : function.path() + argument;
    }

    void writeTo(HttpRequest.Builder request) {
      function.headers().forEach(request::header);
      request.method(
          function.method(),
          function.method().equals("POST")
              ? BodyPublishers.ofString(argument)
              : BodyPublishers.noBody());
    }
  }

  /** A function of the page, which calls curl; its argument is the body of a POST, else a query. */
  record Function(String method, String path, Map<String, String> headers) {

    private static Function of(MatchResult found, String token) {
      Map<String, String> headers = new HashMap<>();
      HEADER
          .matcher(found.group(5))
          .results()
          .forEach(header ->
              headers.put(header.group(2), header.group(3).replace("$ADMIN_TOKEN", token)));
      String withoutOption = found.group(4) == null ? "POST" : "GET";
      String method = found.group(2) == null ? withoutOption : found.group(2);
      return new Function(method, found.group(3), headers);
    }
  }

  static RulesPage of(String page, String token) {
    Map<String, Function> functions = new HashMap<>();
    FUNCTION
        .matcher(page)
        .results()
        .forEach(found -> functions.put(found.group(1), Function.of(found, token)));
    List<Example> examples =
        EXAMPLE
            .matcher(page)
            .results()
            .map(found -> new Example(found.group(1), calls(found, functions)))
            .toList();
    List<String> bounds = BOUND.matcher(page).results().map(found -> found.group(1)).toList();
    return new RulesPage(examples, refusals(page), bounds);
  }

  private static List<Call> calls(MatchResult example, Map<String, Function> functions) {
    List<Call> calls = new ArrayList<>();
    Iterator<String> answers = example.group(3).lines().iterator();
    for (String line : example.group(2).lines().toList()) {
      Matcher call = CALL.matcher(line);
      if (!call.matches()) {
        throw new AssertionError("not a call of a function: " + line);
      }
      String name = call.group(1);
      Function function = Objects.requireNonNull(functions.get(name), name);
      PrintedAnswer answer = name.equals("rule") ? null : PrintedAnswer.of(answers.next());
      calls.add(new Call(function, call.group(2), answer));
    }
    if (answers.hasNext()) {
      throw new AssertionError("more answers than calls: " + answers.next());
    }
    return calls;
  }

  private static Map<String, String> refusals(String page) {
    Map<String, String> refusals = new LinkedHashMap<>();
    REFUSAL.matcher(page).results().forEach(found -> refusals.put(found.group(1), found.group(2)));
    return refusals;
  }
}
