package io.ratelimiter.service.rules.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the session that blocks writers of rules. */
record LockHolder(JdbcClient jdbc) {

  /** Describes the session that has locked the rules longest; blocks for one query. */
  String describe() {
    return jdbc.sql(
            """
            SELECT format('session %s of user %s (%s)%s', a.pid, a.usename,
                          coalesce(nullif(a.application_name, ''), 'unnamed'),
                          -- Null to a role that may not read other roles' statistics.
                          ', ' || a.state || ', its transaction open for '
                            || round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s')
              FROM pg_locks l
              JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE l.relation IN ('limiter.rule_set'::regclass, 'limiter.rate_limit_rules'::regclass)
               AND l.granted
               AND l.mode NOT IN ('AccessShareLock')
               AND a.pid <> pg_backend_pid()
               AND NOT EXISTS (SELECT FROM pg_locks w WHERE w.pid = l.pid AND NOT w.granted)
             ORDER BY a.xact_start
             LIMIT 1
            """)
        .query(String.class)
        .optional()
        .orElse("a session that has ended since");
  }
}
