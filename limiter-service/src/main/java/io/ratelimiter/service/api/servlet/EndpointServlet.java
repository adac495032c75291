package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.Exchange;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Serves an endpoint without ever blocking the container's thread. */
final class EndpointServlet extends HttpServlet {

  private final transient Endpoint endpoint;
  private final transient ServletEdge edge;

  EndpointServlet(Endpoint endpoint, ServletEdge edge) {
    this.endpoint = endpoint;
    this.edge = edge;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange exchange =
        new Exchange(endpoint, new ServletHead(request), edge.correlationIds(), edge.problems());
    new ServletExchange(exchange, edge, request, response).start();
  }
}
