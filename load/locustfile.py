"""Callers of the limiter, and after the run a verdict: do they, the topic and SQL count the same?

See locust.md beside this file for what can be set, and for the exit codes.
"""

from __future__ import annotations

import json
import logging
import random
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import psycopg
from account import answers
from account.answers import Answer
from account.decisions import Run
from account.own import OwnCounts
from account.settlement import Books, settle
from account.tables import BlockedFiguresOnly
from confluent_kafka import KafkaException
from locust import FastHttpUser, between, constant_throughput, events, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

ERRORS = 1
NO_AGREEMENT = 3

log = logging.getLogger("load")
own = OwnCounts()


class Caller(FastHttpUser):
    """Asks for one or many clients of this run. Of several hosts, each caller takes one."""

    abstract = True
    kind: ClassVar[str]

    connection_timeout = 10.0
    network_timeout = 10.0
    # A request that is sent again may be decided twice.
    max_retries = 0
    max_redirects = 0

    def __init__(self, environment: Environment) -> None:
        self.host = random.choice((environment.host or "").split(","))
        super().__init__(environment)
        self.run = Run(environment.parsed_options.load_run)
        self.me = self.client_id(secrets.token_hex(4))

    def client_id(self, who: object) -> str:
        """A client of this kind in this run."""
        return self.run.client(self.kind, who)

    def check(self, client_id: str, limit_key: str = "global", cost: int = 1) -> None:
        """One check."""
        asked = {"client_id": client_id, "limit_key": limit_key, "cost": cost}
        self._ask("/v1/check", 1, answers.of_check, json=asked)

    def check_together(self, checks: Sequence[dict[str, Any]]) -> None:
        """Several checks in one request."""

        def read(status: int, body: bytes | None) -> Answer:
            return answers.of_batch(status, body, len(checks))

        self._ask("/v1/check/batch", len(checks), read, json={"checks": checks})

    def authorize(self, client_id: str, path: str) -> None:
        """One check, as a proxy asks for it."""
        self._ask(
            "/v1/authz",
            1,
            answers.of_authz,
            method="GET",
            headers={"X-Client-ID": client_id, "X-Original-URI": path},
        )

    def _ask(
        self,
        path: str,
        checks: int,
        read: Callable[[int, bytes | None], Answer],
        method: str = "POST",
        **request: Any,
    ) -> None:
        own.asked(self.kind, checks)
        with self.client.request(
            method, path, name=f"{path} {self.kind}", catch_response=True, **request
        ) as response:
            answer = read(response.status_code, response.content)
            own.answered(self.kind, checks, answer)
            if answer.blocked:
                response.request_meta["name"] += " blocked"
            if answer.fault is None:
                response.success()
            else:
                response.failure(answer.fault)


class Steady(Caller):
    """A client that stays below the shipped limit of 100 a minute."""

    kind = "steady"
    wait_time = constant_throughput(1)

    @task
    def ask(self) -> None:
        """One check."""
        self.check(self.me)


class Bursty(Caller):
    """A client that is silent for seconds and then asks as fast as it can."""

    kind = "bursty"
    wait_time = between(2, 4)

    @task
    def ask(self) -> None:
        """Sixty checks, one after the other."""
        for _ in range(60):
            self.check(self.me, limit_key="search")


class HotClient(Caller):
    """One client, whom all users of this kind share: nearly always blocked."""

    kind = "hot"
    wait_time = constant_throughput(40)

    @task
    def ask(self) -> None:
        """One check for the client of all."""
        self.check(self.client_id("one"))


class ManyClients(Caller):
    """Someone else with each check."""

    kind = "many"
    wait_time = constant_throughput(40)
    clients: ClassVar[int] = 100_000

    @task
    def ask(self) -> None:
        """One check for one of many."""
        self.check(self.client_id(random.randrange(self.clients)), cost=random.randint(1, 3))


class Batch(Caller):
    """Twenty checks in a request, a few clients among them more than once."""

    kind = "batch"
    wait_time = constant_throughput(2)

    @task
    def ask(self) -> None:
        """One batch."""
        self.check_together([
            {"client_id": self.client_id(random.randrange(12)), "limit_key": f"item-{n % 3}"}
            for n in range(20)
        ])


class Authz(Caller):
    """What a proxy asks before it lets a request through."""

    kind = "authz"
    wait_time = constant_throughput(10)

    @task
    def ask(self) -> None:
        """One path of the application behind the proxy."""
        self.authorize(self.me, f"/orders/{random.randrange(100)}")


@events.init_command_line_parser.add_listener
def add_options(parser: LocustArgumentParser) -> None:
    """The options of this file; each has an environment variable."""
    group = parser.add_argument_group("Verdict")
    hidden: dict[str, Any] = {"include_in_web_ui": False}
    group.add_argument(
        "--load-run",
        env_var="LOAD_RUN",
        default=f"{secrets.randbits(40):x}",
        help="Name of this run, part of every client id: a-z and 0-9; by default random",
        **hidden,
    )
    group.add_argument(
        "--database-url",
        env_var="DATABASE_URL",
        default="postgresql://ratelimiter:ratelimiter@localhost:15432/ratelimiter",
        help="Where SQL is asked; by default the one of ./run",
        **hidden,
    )
    group.add_argument(
        "--kafka",
        env_var="KAFKA_BOOTSTRAP_SERVERS",
        default="localhost:19092",
        help="Where the topic is read; by default the one of ./run",
        **hidden,
    )
    group.add_argument(
        "--max-error-rate",
        env_var="LOAD_MAX_ERROR_RATE",
        type=float,
        default=0.0,
        help="Share of requests, 0 to 1, that may be errors: anything but 200 and 429",
        **hidden,
    )
    group.add_argument(
        "--verdict-seconds",
        env_var="LOAD_VERDICT_SECONDS",
        type=float,
        default=60.0,
        help="How long topic and SQL may take to tell all; 0: they are not asked",
        **hidden,
    )
    group.add_argument(
        "--forget",
        env_var="LOAD_FORGET",
        type=int,
        default=0,
        help="Leave so many answers out of the callers' count, to see the verdict fail",
        **hidden,
    )


class Report:
    """From the first request to the exit code."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._began = datetime.now(UTC)
        self._text = ""

    def conclude(self, **_: Any) -> None:
        """Sets the exit code, waiting for topic and SQL; what there is to say is said last."""
        agreement = self._agreement()
        code = NO_AGREEMENT if not agreement else ERRORS if self._too_many_errors() else 0
        self._environment.process_exit_code = code

    def say(self, **_: Any) -> None:
        """Prints the verdict, below Locust's own tables."""
        print(self._text, flush=True)

    def _agreement(self) -> bool:
        options = self._environment.parsed_options
        if options.verdict_seconds <= 0:
            self._text = "Verdict: topic and SQL were not asked."
            return True
        run = Run(options.load_run)
        books = Books(options.kafka, options.database_url)
        log.info("Run %s: waiting for topic and SQL to tell all", run.name)
        within = timedelta(seconds=options.verdict_seconds)
        try:
            verdict = settle(books, run, own.counts, self._began, within)
        except (KafkaException, psycopg.Error, BlockedFiguresOnly) as fault:
            self._text = f"Verdict: run {run.name} cannot be judged: {fault}"
            return False
        self._text = f"{verdict.table()}\n\n" + (
            f"Verdict: run {run.name}, {verdict.client.decided()} decisions: "
            + ("client, topic and SQL agree." if verdict.agrees() else "THEY DO NOT AGREE")
            + "".join(f"\n  {fault}" for fault in verdict.faults())
        )
        return verdict.agrees()

    def _too_many_errors(self) -> bool:
        runner = self._environment.runner
        rate = self._environment.stats.total.fail_ratio
        allowed = self._environment.parsed_options.max_error_rate
        if rate > allowed:
            self._text += f"\nVerdict: {rate:.4%} of the requests were errors, {allowed:.4%} may be."
        if runner is not None and runner.exceptions:
            self._text += "\nVerdict: a user of this file raised an exception."
            return True
        return rate > allowed


@events.init.add_listener
def prepare(environment: Environment, **_: Any) -> None:
    """Counts in workers, adds up and judges in the master, all of it in a process alone."""
    if not environment.stop_timeout:
        # A request cut off at the end would be decided, and nobody would know how.
        environment.stop_timeout = 15.0
    runner = environment.runner
    own.forget(environment.parsed_options.forget)
    if isinstance(runner, WorkerRunner):
        environment.events.report_to_master.add_listener(
            lambda data, **_: own.hand_over(data)
        )
        return
    if isinstance(runner, MasterRunner):
        environment.events.worker_report.add_listener(lambda data, **_: own.take_over(data))
    report = Report(environment)
    environment.events.quitting.add_listener(report.conclude)
    environment.events.quit.add_listener(report.say)
