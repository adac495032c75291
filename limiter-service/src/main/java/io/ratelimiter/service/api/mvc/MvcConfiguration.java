package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.BlockingHandler;
import io.ratelimiter.service.api.http.ProblemWriter;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Composes Spring MVC behind the front door. */
@Configuration(proxyBeanMethods = false)
public class MvcConfiguration {

  private final MvcServer server = new MvcServer();

  @Bean
  BlockingHandler mvcServer() {
    return server;
  }

  @Bean
  ProblemAdvice problemAdvice(ProblemWriter problems) {
    return new ProblemAdvice(problems);
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat() {
    return factory -> {
      factory.setProtocol(InProcessProtocol.class.getName());
      factory.addConnectorCustomizers(
          connector -> server.connect((InProcessProtocol) connector.getProtocolHandler()));
      factory.addContextCustomizers(context ->
          ((StandardHost) context.getParent())
              .setErrorReportValveClass(ProblemValve.class.getName()));
    };
  }
}
