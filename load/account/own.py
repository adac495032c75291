"""Counts what callers are answered, in this process or in several."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from account.answers import Answer
from account.decisions import Counts, Outcome, flatten, unflatten

_MESSAGE_KEY = "decisions"


class OwnCounts:
    """The callers' own count. What is asked counts as unknown until the answer is here.

    :ivar counts: of this process, and of those that reported to it
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

    def hand_over(self, message: MutableMapping[str, Any]) -> None:
        """Puts what was counted since the last time into a message to another process."""
        message[_MESSAGE_KEY] = flatten(self.counts)
        self.counts = Counts()

    def take_over(self, message: Mapping[str, Any]) -> None:
        """Adds what :meth:`hand_over` put into a message."""
        self.counts.update(unflatten(message.get(_MESSAGE_KEY, ())))
