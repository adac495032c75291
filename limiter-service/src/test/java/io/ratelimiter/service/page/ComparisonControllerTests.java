package io.ratelimiter.service.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.api.http.ProblemException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class ComparisonControllerTests {

  private final Semaphore permits = new Semaphore(1);
  private final ComparisonController controller =
      new ComparisonController(new ConsoleJson(), permits);

  private static MockHttpServletRequest request(String bursts) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setParameter("bursts", bursts);
    return request;
  }

  @Test
  void aRequestBeyondTheMaxInFlightIsRefusedTemporarily() {
    permits.acquireUninterruptibly();
    assertThatThrownBy(() -> controller.compare(request("0:1:1")))
        .isInstanceOfSatisfying(
            ProblemException.class, busy -> assertThat(busy.problem().status()).isEqualTo(503));
    permits.release();
    assertThat(controller.compare(request("0:1:1")).getStatusCode().value()).isEqualTo(200);
  }

  @Test
  void aPermitIsReleasedAfterEveryOutcome() {
    controller.compare(request("0:1:1"));
    assertThatThrownBy(() -> controller.compare(request("wrong")))
        .isInstanceOf(ProblemException.class);
    assertThat(permits.availablePermits()).isEqualTo(1);
  }
}
