package io.ratelimiter.auditor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.KafkaServer;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of the README over real rows. */
@LocalStack
class CookbookIT {

  private static final int PARTITIONS = 3;
  private static final Pattern QUERY = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  @Test
  void eachQueryOfTheCookbookHasRowsForTheAnalyst(
      PostgresServer postgres, PrivateServers servers, @TempDir Path state) throws Exception {
    KafkaServer kafka = servers.kafka();
    Sql sql = new Sql(postgres.createDatabase("cookbook"));
    ExpectedTables expected = new ExpectedTables();
    Publisher.createTopic(kafka.bootstrapServers(), PARTITIONS);
    try (Publisher one = new Publisher(kafka.bootstrapServers(), "limiter-1", "a", PARTITIONS);
        Publisher two = new Publisher(kafka.bootstrapServers(), "limiter-2", "a", PARTITIONS);
        RunningAuditor _ = RunningAuditor.start(state, kafka, sql.jdbcUrl(), PARTITIONS)) {
      new Traffic(3, expected, Instant.now().toEpochMilli() * 1_000, 50)
          .send(5_000, List.of(one, two));
      one.sendLedgers(false);
      two.sendLedgers(true);
      one.flush();
      two.flush();
      await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> expected.isWhole(sql));

      List<String> queries = queries();
      assertThat(queries).hasSize(12);
      for (String query : queries) {
        List<String> answer = sql.rowsAs("analyst", query);
        assertThat(answer).as(query).isNotEmpty().noneMatch(row -> row.startsWith("null|null"));
        System.out.println("cookbook:\n" + String.join("\n", answer));
      }
      assertThat(sql.rowsAs("analyst", queries.get(1)))
          .as("clients by blocked decisions, with the minutes in which there were any")
          .containsExactlyElementsOf(expected.mostBlocked(3));
      assertThat(sql.rowsAs("analyst", queries.get(9)))
          .as("traffic without a rule")
          .containsExactly(expected.withoutRule() + "|" + expected.decided());
      assertThat(sql.mayAs("analyst", "DELETE FROM audit.rate_limit_totals")).isFalse();
      assertThat(sql.mayAs("analyst", "INSERT INTO audit.watermarks VALUES (9)")).isFalse();
    }
  }

  private static List<String> queries() throws IOException {
    Matcher matcher = QUERY.matcher(Files.readString(Path.of("README.md")));
    List<String> queries = new ArrayList<>();
    while (matcher.find()) {
      queries.add(matcher.group(1));
    }
    return queries;
  }
}
