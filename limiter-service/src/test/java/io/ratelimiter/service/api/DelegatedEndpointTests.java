package io.ratelimiter.service.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.service.api.access.AdminToken;
import io.ratelimiter.service.api.access.AllowedHosts;
import io.ratelimiter.service.api.access.Guard;
import io.ratelimiter.service.api.access.TestHead;
import io.ratelimiter.service.api.http.Peer;
import io.ratelimiter.service.api.http.ProblemException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DelegatedEndpointTests {

  private static final int MAX = DelegatedEndpoint.MAX_BODY_BYTES;

  private final Guard guard =
      new Guard(
          new AdminToken("token-of-this-test", new SimpleMeterRegistry(), () -> 0),
          new AllowedHosts(List.of()),
          true);

  @Test
  void anAnnouncedLengthIsValidatedBeforeTheBodyButAfterTheToken() {
    assertThatCode(() -> admit("/", MAX)).doesNotThrowAnyException();
    assertThat(refusal("/", MAX + 1)).isEqualTo(413);
    assertThat(refusal("/v1/admin/rules", MAX + 1)).isEqualTo(401);
  }

  private int refusal(String path, int length) {
    return catchThrowableOfType(ProblemException.class, () -> admit(path, length))
        .problem()
        .status();
  }

  private void admit(String path, int length) {
    Map<String, String> fields =
        Map.of("Host", "localhost", "Content-Length", Integer.toString(length));
    new DelegatedEndpoint(path, guard).admit(new TestHead(fields, Peer.of("127.0.0.1", null)));
  }
}
