"""What a decision can be, and how many there were of each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a check."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    FAILED_CLOSED = "failed closed"
    UNKNOWN = "unknown"
    """The answer did not come, so it may have been decided or not. Only a caller has these."""


DECIDED = (Outcome.ALLOWED, Outcome.BLOCKED, Outcome.FAILED_CLOSED)


class Counts(Counter[tuple[str, Outcome]]):
    """How many checks of each (kind of user, outcome)."""

    def decided(self) -> int:
        """All decisions, whatever the kind."""
        return sum(n for (_, outcome), n in self.items() if outcome in DECIDED)

    def kinds(self) -> set[str]:
        """The kinds of user of which there are any counts."""
        return {kind for kind, _ in self}


def outcome_of(allowed: bool, reason: object) -> Outcome:
    """The outcome that an answer or an event names; both use the same words."""
    if allowed:
        return Outcome.ALLOWED
    return Outcome.FAILED_CLOSED if reason == "store_unavailable" else Outcome.BLOCKED


@dataclass(frozen=True, slots=True)
class Run:
    """Tells this run's clients from all others, by a prefix of the client id."""

    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]{1,32}", self.name):
            raise ValueError(f"run {self.name!r}: must be 1 to 32 of a-z and 0-9")

    @property
    def prefix(self) -> str:
        """What every client id of this run begins with."""
        return f"load-{self.name}-"

    def client(self, kind: str, who: object) -> str:
        """The id of a client of this run; ``kind`` without a hyphen."""
        return f"{self.prefix}{kind}-{who}"

    def kind_of(self, client_id: str) -> str:
        """The kind of user that a client id of this run names."""
        return client_id.removeprefix(self.prefix).partition("-")[0]
