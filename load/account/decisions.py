"""Outcomes of checks and their counts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of a check."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    FAILED_CLOSED = "failed closed"
    UNKNOWN = "unknown"
    """Without an answer, so it may have been decided or not. Only in the callers' counts."""


DECIDED = (Outcome.ALLOWED, Outcome.BLOCKED, Outcome.FAILED_CLOSED)


class Counts(Counter[tuple[str, Outcome]]):
    """Number of checks by (kind of user, outcome)."""

    def decided(self) -> int:
        """Number of decisions of all kinds."""
        return sum(n for (_, outcome), n in self.items() if outcome in DECIDED)

    def kinds(self) -> set[str]:
        """The kinds of user that have counts."""
        return {kind for kind, _ in self}


def outcome_of(allowed: bool, reason: object) -> Outcome:
    """The outcome of an answer or an event, which use the same fields."""
    if allowed:
        return Outcome.ALLOWED
    return Outcome.FAILED_CLOSED if reason == "store_unavailable" else Outcome.BLOCKED


@dataclass(frozen=True, slots=True)
class Run:
    """A run, whose client ids have a common prefix."""

    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]{1,32}", self.name):
            raise ValueError(f"run {self.name!r}: must be 1 to 32 of a-z and 0-9")

    @property
    def prefix(self) -> str:
        """Prefix of every client id of this run."""
        return f"load-{self.name}-"

    def client(self, kind: str, key: object) -> str:
        """The id of a client of this run; ``kind`` must not contain a hyphen."""
        return f"{self.prefix}{kind}-{key}"

    def kind_of(self, client_id: str) -> str:
        """The kind of user in a client id of this run."""
        return client_id.removeprefix(self.prefix).partition("-")[0]
