"""Determines the verdict and the exit code after the load."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from confluent_kafka import KafkaException
from locust.env import Environment
from locust.runners import DistributedRunner

from account.caller_counts import CallerCounts
from account.options import options_of, run_of
from account.settlement import Sources, settle
from account.tables import AllowedCountsMissing
from account.verdict import Verdict

log = logging.getLogger("load")

ERRORS = 1
NO_AGREEMENT = 3


class Report:
    """The verdict of a run that starts when this is created."""

    def __init__(self, environment: Environment, caller_counts: CallerCounts) -> None:
        self._environment = environment
        self._options = options_of(environment)
        self._run = run_of(environment)
        self._caller_counts = caller_counts
        self._began = datetime.now(UTC)
        self._text = ""
        # A run without a verdict is not a success.
        environment.process_exit_code = NO_AGREEMENT

    def conclude(self, **_: Any) -> None:
        """Waits for topic and SQL and sets the exit code."""
        agreement = self._agreement()
        too_many = self._too_many_errors()
        code = ERRORS if too_many else 0
        self._environment.process_exit_code = code if agreement else NO_AGREEMENT

    def print_verdict(self, **_: Any) -> None:
        """Prints the verdict below Locust's tables."""
        print(self._text, flush=True)

    def _agreement(self) -> bool:
        if self._options.verdict_seconds <= 0:
            self._text = "Verdict: topic and SQL were not read."
            return True
        if isinstance(self._environment.runner, DistributedRunner):
            # Locust ends its workers without waiting for their last counts.
            self._text = "Verdict: none, a run must be in one process."
            return False
        log.info("Run %s: waiting for topic and SQL", self._run.name)
        try:
            verdict = self._settled()
        except (KafkaException, psycopg.Error, AllowedCountsMissing) as fault:
            self._text = f"Verdict: none for run {self._run.name}: {fault}"
            return False
        self._text = f"{verdict.table()}\n\n{self._sentence(verdict)}"
        return verdict.agrees()

    def _settled(self) -> Verdict:
        return settle(
            Sources(self._options.kafka, self._options.database_url),
            self._run,
            self._caller_counts.counts,
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
                f"\nVerdict: {rate:.4%} of the requests were errors, max is {allowed:.4%}."
            )
        runner = self._environment.runner
        if runner is not None and runner.exceptions:
            self._text += "\nVerdict: a user class failed, see the exceptions above."
            return True
        return rate > allowed
