"""From the end of the load to the exit code."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from confluent_kafka import KafkaException
from locust.env import Environment
from locust.runners import DistributedRunner

from account.options import options_of, run_of
from account.own import OwnCounts
from account.settlement import Books, settle
from account.tables import BlockedFiguresOnly
from account.verdict import Verdict

log = logging.getLogger("load")

ERRORS = 1
NO_AGREEMENT = 3


class Report:
    """Judges a run that begins when this is made."""

    def __init__(self, environment: Environment, own: OwnCounts) -> None:
        self._environment = environment
        self._options = options_of(environment)
        self._run = run_of(environment)
        self._own = own
        self._began = datetime.now(UTC)
        self._text = ""
        # Without a verdict, whatever may be the reason, a run is no success.
        environment.process_exit_code = NO_AGREEMENT

    def conclude(self, **_: Any) -> None:
        """Sets the exit code, waiting for topic and SQL."""
        agreement = self._agreement()
        too_many = self._too_many_errors()
        code = ERRORS if too_many else 0
        self._environment.process_exit_code = code if agreement else NO_AGREEMENT

    def say(self, **_: Any) -> None:
        """Prints the verdict: last, below Locust's own tables."""
        print(self._text, flush=True)

    def _agreement(self) -> bool:
        if self._options.verdict_seconds <= 0:
            self._text = "Verdict: topic and SQL were not asked."
            return True
        if isinstance(self._environment.runner, DistributedRunner):
            # Locust ends its workers without waiting for what they counted last.
            self._text = "Verdict: only a run in one process can be judged."
            return False
        log.info("Run %s: waiting for topic and SQL to tell all", self._run.name)
        try:
            verdict = self._settled()
        except (KafkaException, psycopg.Error, BlockedFiguresOnly) as fault:
            self._text = f"Verdict: run {self._run.name} cannot be judged: {fault}"
            return False
        self._text = f"{verdict.table()}\n\n{self._sentence(verdict)}"
        return verdict.agrees()

    def _settled(self) -> Verdict:
        return settle(
            Books(self._options.kafka, self._options.database_url),
            self._run,
            self._own.counts,
            self._began,
            timedelta(seconds=self._options.verdict_seconds),
        )

    def _sentence(self, verdict: Verdict) -> str:
        faults = "".join(f"\n  {fault}" for fault in verdict.faults())
        return (
            f"Verdict: run {self._run.name}, {verdict.client.decided()} decisions: "
            f"client, topic and SQL {'DO NOT AGREE' if faults else 'agree'}.{faults}"
        )

    def _too_many_errors(self) -> bool:
        rate: float = self._environment.stats.total.fail_ratio
        allowed: float = self._options.max_error_rate
        if rate > allowed:
            self._text += (
                f"\nVerdict: {rate:.4%} of the requests were errors, {allowed:.4%} may be."
            )
        runner = self._environment.runner
        if runner is not None and runner.exceptions:
            self._text += "\nVerdict: a kind of user is broken, see the exceptions above."
            return True
        return rate > allowed
