package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.RequestMetrics;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.AccessLog;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Measures every request where Tomcat would write its access log: once each, when the last byte of
 * the answer is written, those that Tomcat itself refuses included.
 */
final class RequestMeter extends ValveBase implements AccessLog {

  private final RequestMetrics metrics;

  RequestMeter(RequestMetrics metrics) {
    super(true);
    this.metrics = metrics;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
  }

  /** By the servlet that served it: there are few of them, whatever paths callers make up. */
  @Override
  public void log(Request request, Response response, long nanos) {
    Wrapper servlet = request.getWrapper();
    String endpoint = servlet == null ? RequestMetrics.OTHER : servlet.getName();
    metrics.answered(endpoint, response.getStatus(), nanos);
  }

  @Override
  public void setRequestAttributesEnabled(boolean enabled) {
    // No attribute is looked at.
  }

  @Override
  public boolean getRequestAttributesEnabled() {
    return false;
  }
}
