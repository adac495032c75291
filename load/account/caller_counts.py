"""Counts the answers that callers receive."""

from __future__ import annotations

from account.answers import Answer
from account.decisions import Counts, Outcome


class CallerCounts:
    """The callers' counts. A check counts as unknown until it is answered.

    :ivar counts: counts of this process
    """

    def __init__(self) -> None:
        self.counts = Counts()
        self._to_omit = 0

    def omit(self, answers: int) -> None:
        """Omits this number of answers, to show that the verdict reports it."""
        self._to_omit = answers

    def sent(self, kind: str, checks: int) -> None:
        """Counts a request that is about to be sent."""
        self.counts[kind, Outcome.UNKNOWN] += checks

    def answered(self, kind: str, checks: int, answer: Answer) -> None:
        """Counts the answer to a request, or that it has none."""
        self.counts[kind, Outcome.UNKNOWN] -= checks
        if self._to_omit > 0:
            self._to_omit -= 1
            return
        for outcome in answer.outcomes:
            self.counts[kind, outcome] += 1
