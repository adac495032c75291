package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.api.codec.CheckReader;
import io.ratelimiter.service.api.codec.CheckWriter;
import io.ratelimiter.service.api.codec.FieldGrammar;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Pipelining;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/check/batch}: decides independent checks and answers them together. */
public final class BatchEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 256 * 1024;

  private final Checks checks;
  private final Pipelining pipelining;
  private final CheckReader reader = new CheckReader();
  private final JsonBytes json = new JsonBytes();

  public BatchEndpoint(Checks checks, Pipelining pipelining) {
    this.checks = checks;
    this.pipelining = pipelining;
  }

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    HeadValidation.admitJson(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    // All are read before the first is decided: with an invalid item, none is charged.
    List<Check> requested = reader.checks(body);
    for (int i = 0; i < requested.size(); i++) {
      if (!checks.acceptsMaxWait(requested.get(i))) {
        throw CheckReader.inBatch(i, FieldGrammar.NO_BUCKET);
      }
    }
    List<CompletableFuture<CheckResult>> answers = new ArrayList<>(requested.size());
    pipelining.pipeline(() -> {
      for (Check check : requested) {
        answers.add(checks.check(check, correlationId).toCompletableFuture());
      }
    });
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(_ -> render(correlationId, answers));
  }

  private Answer render(String correlationId, List<CompletableFuture<CheckResult>> answers) {
    byte[] body =
        json.write(out -> {
          out.writeArrayPropertyStart("results");
          for (CompletableFuture<CheckResult> answer : answers) {
            out.writeStartObject();
            CheckWriter.writeAnswer(out, answer.join());
            out.writeEndObject();
          }
          out.writeEndArray();
        });
    return Answer.json(correlationId, body);
  }
}
