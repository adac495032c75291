package io.ratelimiter.service.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.api.ProblemException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class ComparisonControllerTests {

  private final Semaphore turns = new Semaphore(1);
  private final ComparisonController controller =
      new ComparisonController(new ConsoleJson(), turns);

  private static MockHttpServletRequest asked(String bursts) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.setParameter("bursts", bursts);
    return request;
  }

  @Test
  void who_comes_while_too_many_are_made_is_asked_to_come_again() {
    turns.acquireUninterruptibly();
    assertThatThrownBy(() -> controller.compare(asked("0:1:1")))
        .isInstanceOfSatisfying(
            ProblemException.class, busy -> assertThat(busy.problem().status()).isEqualTo(503));
    turns.release();
    assertThat(controller.compare(asked("0:1:1")).getStatusCode().value()).isEqualTo(200);
  }

  @Test
  void whatever_became_of_one_its_turn_is_given_back() {
    controller.compare(asked("0:1:1"));
    assertThatThrownBy(() -> controller.compare(asked("wrong")))
        .isInstanceOf(ProblemException.class);
    assertThat(turns.availablePermits()).isEqualTo(1);
  }
}
