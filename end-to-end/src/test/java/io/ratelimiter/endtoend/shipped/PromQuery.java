package io.ratelimiter.endtoend.shipped;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names in a PromQL expression.
 *
 * @param jobs values of the label job
 */
record PromQuery(Set<String> metrics, Set<String> labels, Set<String> jobs) {

  private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
  private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern JOB = Pattern.compile("\\bjob=\"([^\"]*)\"");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:.])[a-zA-Z_:][\\w:]*(?!\\s*\\(|[\\w:])");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_]\\w*");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "offset", "bool", "by", "without", "inf", "nan");

  static PromQuery of(String expression) {
    String bare = TEXT.matcher(expression.replace("$__rate_interval", "1m")).replaceAll("");
    Set<String> labels = new TreeSet<>();
    for (Pattern place : Set.of(MATCHERS, GROUPING)) {
      place
          .matcher(bare)
          .results()
          .flatMap(one -> LABEL.matcher(one.group(1)).results())
          .forEach(one -> labels.add(one.group()));
    }
    String names =
        RANGE
            .matcher(GROUPING.matcher(MATCHERS.matcher(bare).replaceAll("")).replaceAll(""))
            .replaceAll("");
    Set<String> metrics =
        NAME.matcher(names)
            .results()
            .map(one -> one.group())
            .filter(name -> !WORDS.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> jobs =
        JOB.matcher(expression)
            .results()
            .map(one -> one.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    return new PromQuery(metrics, labels, jobs);
  }
}
