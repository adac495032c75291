"""Options in addition to Locust's own."""

from __future__ import annotations

import secrets
from argparse import Namespace
from typing import Any, NamedTuple

from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from account.decisions import Run


class _Option(NamedTuple):
    name: str
    variable: str
    default: Any
    text: str


_OPTIONS = (
    _Option(
        "--load-run",
        "LOAD_RUN",
        f"{secrets.randbits(40):x}",
        "Name of this run, part of every client id: a-z and 0-9. Default: random",
    ),
    _Option(
        "--database-url",
        "DATABASE_URL",
        "postgresql://ratelimiter:ratelimiter@localhost:15432/ratelimiter",
        "Database of the auditor. Default: the database of ./run",
    ),
    _Option(
        "--kafka",
        "KAFKA_BOOTSTRAP_SERVERS",
        "localhost:19092",
        "Broker of the decisions topic. Default: the broker of ./run",
    ),
    _Option(
        "--max-error-rate",
        "LOAD_MAX_ERROR_RATE",
        0.0,
        "Share of requests, 0 to 1, that may be errors. Default: 0",
    ),
    _Option(
        "--verdict-seconds",
        "LOAD_VERDICT_SECONDS",
        60.0,
        "Seconds to wait for topic and SQL; 0: they are not read. Default: 60",
    ),
    _Option(
        "--forget",
        "LOAD_FORGET",
        0,
        "Number of answers to omit from the callers' count, to see the verdict fail. Default: 0",
    ),
)


def add_options(parser: LocustArgumentParser, **_: Any) -> None:
    """Adds the options to Locust's."""
    for option in _OPTIONS:
        parser.add_argument(
            option.name,
            env_var=option.variable,
            type=type(option.default),
            default=option.default,
            help=option.text,
            include_in_web_ui=False,
        )


def options_of(environment: Environment) -> Namespace:
    """The parsed options; in a worker those of the master, once it has users."""
    options: Namespace | None = environment.parsed_options
    if options is None:
        raise ValueError("no options: run this with the program locust")
    return options


def run_of(environment: Environment) -> Run:
    """The run named by the options."""
    return Run(options_of(environment).load_run)
