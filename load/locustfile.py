"""Callers of the limiter; after the run a verdict: do they, topic and SQL count the same?

See locust.md beside this file for what can be set, and for the exit codes.
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
from account.options import add_options, options_of, run_of
from account.own import OwnCounts
from account.report import Report

own = OwnCounts()
events.init_command_line_parser.add_listener(add_options)


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
        self.load_run = run_of(environment)
        self.me = self.client_id(secrets.token_hex(4))

    def client_id(self, who: object) -> str:
        """A client of this kind in this run."""
        return self.load_run.client(self.kind, who)

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
        self.check_together(
            [
                {"client_id": self.client_id(random.randrange(12)), "limit_key": f"item-{n % 3}"}
                for n in range(20)
            ]
        )


class Authz(Caller):
    """What a proxy asks before it lets a request through."""

    kind = "authz"
    wait_time = constant_throughput(10)

    @task
    def ask(self) -> None:
        """One path of the application behind the proxy."""
        self.authorize(self.me, f"/orders/{random.randrange(100)}")


@events.init.add_listener
def prepare(environment: Environment, **_: Any) -> None:
    """Makes ready to judge, where the run ends."""
    if not environment.stop_timeout:
        # A request cut off at the end would be decided, and nobody would know how.
        environment.stop_timeout = 15.0
    own.forget(options_of(environment).forget)
    if isinstance(environment.runner, WorkerRunner):
        return
    report = Report(environment, own)
    environment.events.quitting.add_listener(report.conclude)
    environment.events.quit.add_listener(report.say)
