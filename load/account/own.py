"""Counts what callers are answered."""

from __future__ import annotations

from account.answers import Answer
from account.decisions import Counts, Outcome


class OwnCounts:
    """The callers' own count. What is asked counts as unknown until the answer is here.

    :ivar counts: of this process
    """

    def __init__(self) -> None:
        self.counts = Counts()
        self._to_forget = 0

    def forget(self, answers: int) -> None:
        """Leaves so many answers out, to show that the verdict notices."""
        self._to_forget = answers

    def asked(self, kind: str, checks: int) -> None:
        """A request with so many checks is about to be sent."""
        self.counts[kind, Outcome.UNKNOWN] += checks

    def answered(self, kind: str, checks: int, answer: Answer) -> None:
        """Its answer is here, or will not come."""
        self.counts[kind, Outcome.UNKNOWN] -= checks
        if self._to_forget > 0:
            self._to_forget -= 1
            return
        for outcome in answer.outcomes:
            self.counts[kind, outcome] += 1
