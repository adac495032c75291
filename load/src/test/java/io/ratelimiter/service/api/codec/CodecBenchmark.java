package io.ratelimiter.service.api.codec;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Bucket;
import io.ratelimiter.service.limiter.Check;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request's body into a check, and a decision into body and headers. */
@State(Scope.Thread)
public class CodecBenchmark {

  private final CheckReader reader = new CheckReader();
  private final JsonBytes json = new JsonBytes();
  private final DecisionAnswers answers = new DecisionAnswers(new ProblemWriter());
  private final byte[] body =
      "{\"client_id\":\"client-00001234\"}".getBytes(StandardCharsets.UTF_8);
  private final byte[] wholeBody =
      "{\"client_id\":\"client-00001234\",\"limit_key\":\"login\",\"cost\":1,\"tenant\":\"default\"}"
          .getBytes(StandardCharsets.UTF_8);
  private final CheckResult answer =
      new CheckResult(
          "tc65c7d7oh99m555-1a2b", "7bif95i5r51o7lgn-3c4d", Bucket.CHECK, Bucket.allowed(), 812);

  @Benchmark
  public Check readClientAlone() {
    return reader.check(body).check();
  }

  @Benchmark
  public Check readAllFields() {
    return reader.check(wholeBody).check();
  }

  @Benchmark
  public Answer writeAnswer() {
    return answers.render(
        answer, 0, 200, Answer.JSON, () -> json.write(out -> CheckWriter.writeAnswer(out, answer)));
  }
}
