package io.ratelimiter.auditor.cookbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A question of the cookbook.
 *
 * @param query the cookbook's, over the tables of the audit
 * @param ofLog the same question to the callers' log
 */
record Question(String title, String query, String ofLog) {

  private static final Path COOKBOOK = Path.of("COOKBOOK.md");
  private static final Path OF_LOG = Path.of("src/test/resources/cookbook/caller-log.sql");
  private static final Pattern ASKED =
      Pattern.compile(
          "^## (\\d+\\. [^\\n]+)\\n.*?```sql\\n(.*?)```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern ASKED_OF_LOG =
      Pattern.compile("^-- (\\d+\\. [^\\n]+)\\n(.*?;)$", Pattern.DOTALL | Pattern.MULTILINE);

  static List<Question> all() {
    List<MatchResult> asked = found(ASKED, COOKBOOK);
    List<MatchResult> ofLog = found(ASKED_OF_LOG, OF_LOG);
    if (!titles(asked).equals(titles(ofLog))) {
      throw new AssertionError(titles(asked) + " are not those of the log: " + titles(ofLog));
    }
    return IntStream.range(0, asked.size())
        .mapToObj(
            i -> new Question(asked.get(i).group(1), asked.get(i).group(2), ofLog.get(i).group(2)))
        .toList();
  }

  private static List<MatchResult> found(Pattern pattern, Path file) {
    try {
      return pattern.matcher(Files.readString(file)).results().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> titles(List<MatchResult> questions) {
    return questions.stream().map(question -> question.group(1)).toList();
  }

  @Override
  public String toString() {
    return title;
  }
}
