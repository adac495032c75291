package io.ratelimiter.service.api.servlet;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.api.AdminToken;
import io.ratelimiter.service.api.ApiProperties;
import io.ratelimiter.service.api.AuthzEndpoint;
import io.ratelimiter.service.api.BatchEndpoint;
import io.ratelimiter.service.api.CheckEndpoint;
import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.DrainBeforeStop;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.InFlight;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.ProblemWriter;
import io.ratelimiter.service.api.RefundEndpoint;
import io.ratelimiter.service.api.RequestMetrics;
import io.ratelimiter.service.api.ResetEndpoint;
import io.ratelimiter.service.api.UsageEndpoint;
import io.ratelimiter.service.check.Adjustments;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.rules.ActiveRules;
import java.io.IOException;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.DispatcherServlet;

/** Composes the HTTP contract on Tomcat. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiProperties.class)
public class ServletConfiguration {

  private static final String SOCKET_BUFFER_BYTES = "4096";

  @Bean
  ProblemWriter problemWriter() {
    return new ProblemWriter();
  }

  @Bean
  Drain drain() {
    return new Drain();
  }

  @Bean
  DrainBeforeStop drainBeforeStop(Drain drain, ApiProperties properties) {
    return new DrainBeforeStop(drain, properties.drain());
  }

  @Bean
  RequestMetrics requestMetrics(MeterRegistry registry) {
    return new RequestMetrics(registry);
  }

  @Bean
  InFlight inFlight() {
    return new InFlight();
  }

  @Bean
  LargeBodies largeBodies() {
    return new LargeBodies();
  }

  @Bean
  ServletEdge servletEdge(
      ApiProperties properties,
      ProblemWriter problems,
      Drain drain,
      InFlight inFlight,
      LargeBodies largeBodies) {
    return new ServletEdge(
        new CorrelationIds(), problems, drain, properties.exchangeTimeout(), inFlight, largeBodies);
  }

  @Bean
  ProblemAdvice problemAdvice(ProblemWriter problems) {
    return new ProblemAdvice(problems);
  }

  @Bean
  DocsController docsController() throws IOException {
    return new DocsController();
  }

  /** By this name, Spring Boot serves everything with it that no other servlet serves. */
  @Bean
  DispatcherServlet dispatcherServlet(ServletEdge edge, AdminToken token, ProblemAdvice problems) {
    return new BlockingDispatcherServlet(edge, token, problems);
  }

  @Bean
  AdminToken adminToken(ApiProperties properties, MeterRegistry registry) {
    return new AdminToken(properties.adminToken(), registry, System::nanoTime);
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> checkServlet(
      Checks checks, ApiProperties properties, ServletEdge edge) {
    return servlet(
        "check",
        new CheckEndpoint(checks, properties.blockedStatus(), edge.problems()),
        edge,
        "/v1/check");
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> batchServlet(
      Checks checks, Pipelining pipelining, ServletEdge edge) {
    return servlet("batch", new BatchEndpoint(checks, pipelining), edge, "/v1/check/batch");
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> authzServlet(
      Checks checks, ActiveRules rules, ServletEdge edge) {
    return servlet("authz", new AuthzEndpoint(checks, rules, edge.problems()), edge, "/v1/authz/*");
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> usageServlet(Checks checks, ServletEdge edge) {
    return servlet("usage", new UsageEndpoint(checks), edge, "/v1/usage");
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> refundServlet(
      AdminToken token, Adjustments adjustments, ServletEdge edge) {
    return servlet("refund", new RefundEndpoint(token, adjustments), edge, "/v1/admin/refunds");
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> resetServlet(
      AdminToken token, Adjustments adjustments, ServletEdge edge) {
    return servlet("reset", new ResetEndpoint(token, adjustments), edge, "/v1/admin/usage");
  }

  @Bean
  PortClosing portClosing(ApiProperties properties) {
    return new PortClosing(properties.drain().toMillis());
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat(
      PortClosing closing, RequestMetrics metrics) {
    return factory -> {
      factory.setProtocol(ClosingProtocol.class.getName());
      factory.addEngineValves(new RequestMeter(metrics));
      factory.addContextValves(new Connections());
      // Of 8 KiB each they are most of what an idle connection costs; a check is below 1 KiB.
      factory.addConnectorCustomizers(connector -> {
        closing.add((ClosingProtocol) connector.getProtocolHandler());
        connector.setProperty("socket.appReadBufSize", SOCKET_BUFFER_BYTES);
        connector.setProperty("socket.appWriteBufSize", SOCKET_BUFFER_BYTES);
      });
      factory.addContextCustomizers(context ->
          ((StandardHost) context.getParent())
              .setErrorReportValveClass(ProblemValve.class.getName()));
    };
  }

  private static ServletRegistrationBean<EndpointServlet> servlet(
      String name, Endpoint endpoint, ServletEdge edge, String path) {
    ServletRegistrationBean<EndpointServlet> registration =
        new ServletRegistrationBean<>(new EndpointServlet(endpoint, edge), path);
    registration.setName(name);
    registration.setLoadOnStartup(1);
    return registration;
  }
}
