package io.ratelimiter.service.analytics;

import io.ratelimiter.runtime.DatabaseUrl;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of the auditor's tables, if a database is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("!'${rules.database-url:}'.isEmpty()")
public class AnalyticsConfiguration {

  @Bean
  AnalyticsDatabase analyticsDatabase(@Value("${rules.database-url}") String url) {
    return AnalyticsDatabase.at(DatabaseUrl.parse(url));
  }

  @Bean
  AuditTables auditTables(AnalyticsDatabase database) {
    return new AuditTables(database.pool());
  }
}
