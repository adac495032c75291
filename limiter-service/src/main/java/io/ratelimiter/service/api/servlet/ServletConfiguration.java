package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.ApiProperties;
import io.ratelimiter.service.api.CheckEndpoint;
import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.ProblemWriter;
import io.ratelimiter.service.check.Checks;
import java.util.concurrent.atomic.AtomicInteger;
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

  @Bean
  ProblemWriter problemWriter() {
    return new ProblemWriter();
  }

  @Bean
  Drain drain(ApiProperties properties) {
    return new Drain(properties.drain());
  }

  @Bean
  ServletEdge servletEdge(ProblemWriter problems, Drain drain) {
    return new ServletEdge(new CorrelationIds(), problems, drain, new AtomicInteger());
  }

  @Bean
  ProblemAdvice problemAdvice(ProblemWriter problems) {
    return new ProblemAdvice(problems);
  }

  /** By this name, Spring Boot serves everything with it that no other servlet serves. */
  @Bean
  DispatcherServlet dispatcherServlet(ServletEdge edge, ProblemAdvice problems) {
    return new BlockingDispatcherServlet(edge, problems);
  }

  @Bean
  CheckEndpoint checkEndpoint(Checks checks, ApiProperties properties, ProblemWriter problems) {
    return new CheckEndpoint(checks, properties.blockedStatus(), problems);
  }

  @Bean
  ServletRegistrationBean<EndpointServlet> checkServlet(CheckEndpoint endpoint, ServletEdge edge) {
    return servlet("check", endpoint, edge, "/v1/check");
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat() {
    return factory -> {
      factory.addContextValves(new UnreadBodies());
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
