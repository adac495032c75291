"""Counts of a run in SQL."""

from __future__ import annotations

from datetime import datetime

import psycopg

from account.decisions import Counts, Outcome, Run

_COUNT = """
SELECT split_part(client_id, '-', 3), sum(allowed_count)::bigint, sum(blocked_count)::bigint,
       sum(error_count)::bigint, bool_or(allowed_count IS NULL)
FROM audit.rate_limit_metrics
WHERE window_start >= %s AND starts_with(client_id, %s)
GROUP BY 1
"""


class AllowedCountsMissing(Exception):
    """The auditor stores no allowed counts by client."""

    def __init__(self) -> None:
        super().__init__("AUDIT_CLIENT_DETAIL=blocked stores no allowed counts by client")


class Tables:
    """Reads ``audit.rate_limit_metrics`` as role ``analyst``. Blocks."""

    def __init__(self, database_url: str, run: Run, since: datetime) -> None:
        """Connects, to count minutes from ``since`` on."""
        self._run = run
        self._since = since
        url = database_url.removeprefix("jdbc:")
        self._connection = psycopg.connect(url, connect_timeout=10, autocommit=True)
        try:
            # For any login, the result is what analysts see.
            self._connection.execute("SET ROLE analyst")
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def counts(self) -> Counts:
        """The current counts of the run.

        :raises psycopg.Error: PostgreSQL does not answer
        :raises AllowedCountsMissing: the tables have no allowed counts
        """
        counts = Counts()
        rows = self._connection.execute(_COUNT, (self._since, self._run.prefix)).fetchall()
        for kind, allowed, blocked, failed_closed, blocked_only in rows:
            if blocked_only:
                raise AllowedCountsMissing
            counts[kind, Outcome.ALLOWED] = allowed
            counts[kind, Outcome.BLOCKED] = blocked
            counts[kind, Outcome.FAILED_CLOSED] = failed_closed
        return counts
