"""Waits until topic and SQL have the decisions that the callers have."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from account.decisions import Counts, Run
from account.tables import Tables
from account.topic import Topic
from account.verdict import Verdict

_POLL_SECONDS = 1.0

# Clocks of callers, broker and store may differ; the run's name excludes other decisions.
_EARLIER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Sources:
    """Addresses of the topic and the tables."""

    kafka: str
    database_url: str


def settle(
    sources: Sources, run: Run, client: Counts, began: datetime, within: timedelta
) -> Verdict:
    """Polls until all counts agree twice, or the time is over. Returns the last verdict. Blocks.

    Twice, because a surplus record may arrive late.

    :raises KafkaException: Kafka does not answer
    :raises psycopg.Error: PostgreSQL does not answer
    :raises AllowedCountsMissing: the tables have no allowed counts
    """
    since = began - _EARLIER
    deadline = time.monotonic() + within.total_seconds()
    agreed = False
    with (
        closing(Topic(sources.kafka, run, int(since.timestamp() * 1_000))) as topic,
        closing(Tables(sources.database_url, run, since)) as tables,
    ):
        while True:
            topic.read_to_end()
            verdict = Verdict(client, topic.counts, tables.counts())
            agrees = verdict.agrees()
            if (agrees and agreed) or time.monotonic() > deadline:
                return verdict
            agreed = agrees
            time.sleep(_POLL_SECONDS)
