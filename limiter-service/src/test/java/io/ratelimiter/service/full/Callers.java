package io.ratelimiter.service.full;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Callers that send checks until {@link #stop}, each with one request in flight. */
final class Callers {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest check;
  private final ConcurrentLinkedQueue<String> answered = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  private Callers(URI service, String clientId) {
    check =
        HttpRequest.newBuilder(service.resolve("/v1/check"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"client_id\":\"" + clientId + "\"}"))
            .build();
  }

  /** Starts this number of callers for one client. */
  static Callers start(URI service, int number, String clientId) {
    Callers callers = new Callers(service, clientId);
    for (int i = 0; i < number; i++) {
      callers.threads.add(Thread.ofVirtual().start(callers::call));
    }
    return callers;
  }

  private void call() {
    while (!stopping) {
      try {
        HttpResponse<String> answer = client.send(check, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          answered.add(JSON.readTree(answer.body()).get("decision_id").asString());
        } else {
          failures.add(answer.statusCode() + " " + answer.body());
        }
      } catch (IOException e) {
        failures.add(e.toString());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Waits for this number of further answers. */
  void awaitAnswered(int more) {
    int goal = answered.size() + more;
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> answered.size() >= goal);
  }

  /** Stops the callers after their requests in flight. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
    client.close();
  }

  /** Ids of the answered decisions. */
  List<String> answered() {
    return List.copyOf(answered);
  }

  /** Errors received in place of a decision. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** The JSON answer to a GET. */
  static JsonNode get(URI url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return JSON.readTree(
          client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray()).body());
    }
  }

  @Override
  public String toString() {
    return "answered %d, failed %d".formatted(answered.size(), failures.size());
  }
}
