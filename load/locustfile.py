"""Locust users that call the limiter, and a verdict: do callers, topic and SQL agree?

For options and exit codes see locust.md in this folder.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from locust import FastHttpUser, between, constant_throughput, events, task
from locust.env import Environment
from locust.runners import WorkerRunner

from account import answers
from account.answers import Answer
from account.caller_counts import CallerCounts
from account.options import add_options, options_of, run_of
from account.report import Report

caller_counts = CallerCounts()
events.init_command_line_parser.add_listener(add_options)


class Caller(FastHttpUser):
    """Sends checks for clients of this run. With several hosts, each caller uses one."""

    abstract = True
    kind: ClassVar[str]

    connection_timeout = 10.0
    network_timeout = 10.0
    # A repeated request may be decided twice.
    max_retries = 0
    max_redirects = 0

    def __init__(self, environment: Environment) -> None:
        self.host = random.choice((environment.host or "").split(","))
        super().__init__(environment)
        self.load_run = run_of(environment)
        self.me = self.client_id(secrets.token_hex(4))

    def client_id(self, key: object) -> str:
        """The id of a client of this kind in this run."""
        return self.load_run.client(self.kind, key)

    def check(self, client_id: str, limit_key: str = "global", cost: int = 1) -> None:
        """Sends one check."""
        check = {"client_id": client_id, "limit_key": limit_key, "cost": cost}
        self._send("/v1/check", 1, answers.of_check, json=check)

    def check_together(self, checks: Sequence[dict[str, Any]]) -> None:
        """Sends several checks in one request."""

        def read(status: int, body: bytes | None) -> Answer:
            return answers.of_batch(status, body, len(checks))

        self._send("/v1/check/batch", len(checks), read, json={"checks": checks})

    def authorize(self, client_id: str, path: str) -> None:
        """Sends one check as a proxy does."""
        self._send(
            "/v1/authz",
            1,
            answers.of_authz,
            method="GET",
            headers={"X-Client-ID": client_id, "X-Original-URI": path},
        )

    def _send(
        self,
        path: str,
        checks: int,
        read: Callable[[int, bytes | None], Answer],
        method: str = "POST",
        **request: Any,
    ) -> None:
        caller_counts.sent(self.kind, checks)
        with self.client.request(
            method, path, name=f"{path} {self.kind}", catch_response=True, **request
        ) as response:
            answer = read(response.status_code, response.content)
            caller_counts.answered(self.kind, checks, answer)
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
    def send(self) -> None:
        """One check."""
        self.check(self.me)


class Bursty(Caller):
    """A client that pauses for seconds and then sends checks as fast as it can."""

    kind = "bursty"
    wait_time = between(2, 4)

    @task
    def send(self) -> None:
        """Sixty checks, one after the other."""
        for _ in range(60):
            self.check(self.me, limit_key="search")


class HotClient(Caller):
    """One client shared by all users of this kind; nearly always blocked."""

    kind = "hot"
    wait_time = constant_throughput(40)

    @task
    def send(self) -> None:
        """One check for the shared client."""
        self.check(self.client_id("one"))


class ManyClients(Caller):
    """A different client for each check."""

    kind = "many"
    wait_time = constant_throughput(40)
    clients: ClassVar[int] = 100_000

    @task
    def send(self) -> None:
        """One check for a random client."""
        self.check(self.client_id(random.randrange(self.clients)), cost=random.randint(1, 3))


class Batch(Caller):
    """Twenty checks in a request, some of them for the same client."""

    kind = "batch"
    wait_time = constant_throughput(2)

    @task
    def send(self) -> None:
        """One batch."""
        self.check_together(
            [
                {"client_id": self.client_id(random.randrange(12)), "limit_key": f"item-{n % 3}"}
                for n in range(20)
            ]
        )


class Authz(Caller):
    """A proxy that checks each request before it forwards it."""

    kind = "authz"
    wait_time = constant_throughput(10)

    @task
    def send(self) -> None:
        """One check for a path of the application."""
        self.authorize(self.me, f"/orders/{random.randrange(100)}")


@events.init.add_listener
def prepare(environment: Environment, **_: Any) -> None:
    """Prepares the verdict in the process that ends the run."""
    if not environment.stop_timeout:
        # A request that is cut off at the end may be decided with an unknown result.
        environment.stop_timeout = 15.0
    caller_counts.omit(options_of(environment).forget)
    if isinstance(environment.runner, WorkerRunner):
        return
    report = Report(environment, caller_counts)
    environment.events.quitting.add_listener(report.conclude)
    environment.events.quit.add_listener(report.print_verdict)
