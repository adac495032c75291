"""Waits until topic and SQL have had time to tell what the callers know already."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from account.decisions import Counts, Run
from account.tables import Tables
from account.topic import Topic
from account.verdict import Verdict

_BETWEEN_LOOKS_SECONDS = 1.0

# Clocks of callers, broker and store may be apart; the run's name keeps other decisions out.
_EARLIER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Books:
    """Where decisions are told and counted."""

    kafka: str
    database_url: str


def settle(books: Books, run: Run, client: Counts, began: datetime, within: timedelta) -> Verdict:
    """Looks until all agree, twice, or the time is over; then it is what was seen last.

    Twice, for what comes once too often may come late. Blocks.

    :raises KafkaException: Kafka does not answer
    :raises psycopg.Error: PostgreSQL does not answer
    :raises BlockedFiguresOnly: SQL cannot tell
    """
    since = began - _EARLIER
    deadline = time.monotonic() + within.total_seconds()
    agreed = False
    with (
        closing(Topic(books.kafka, run, int(since.timestamp() * 1_000))) as topic,
        closing(Tables(books.database_url, run, since)) as tables,
    ):
        while True:
            topic.read_to_end()
            verdict = Verdict(client, topic.counts, tables.counts())
            agrees = verdict.agrees()
            if (agrees and agreed) or time.monotonic() > deadline:
                return verdict
            agreed = agrees
            time.sleep(_BETWEEN_LOOKS_SECONDS)
