"""Reads the limiter's answers: what was decided, and whether the answer is an error.

200 and 429 are answers as the contract has them, everything else is an error. An error may be a
decision all the same: a check that fails closed is a 503 that is published.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from account.decisions import Outcome, outcome_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought.

    :ivar outcomes: one for each check that was decided, or may have been
    :ivar fault: why this is an error; None when it is none
    """

    outcomes: tuple[Outcome, ...]
    fault: str | None = None

    @property
    def blocked(self) -> bool:
        """Whether it is the block of a single check."""
        return self.outcomes == (Outcome.BLOCKED,)


def of_check(status: int, body: bytes | None) -> Answer:
    """The answer to ``POST /v1/check``; status 0 says that none came."""
    outcome = _decision(_object(body))
    if outcome is None:
        return _without_decision(status, body, checks=1)
    return Answer((outcome,), _fault(status, body))


def of_authz(status: int, body: bytes | None) -> Answer:
    """The answer to ``/v1/authz``, which says it by its status and has no body."""
    match status:
        case 200:
            return Answer((Outcome.ALLOWED,))
        case 429:
            return Answer((Outcome.BLOCKED,))
        case _:
            return of_check(status, body)


def of_batch(status: int, body: bytes | None, checks: int) -> Answer:
    """The answer to ``POST /v1/check/batch`` of so many checks."""
    results = _object(body).get("results")
    if not isinstance(results, list) or len(results) != checks:
        return _without_decision(status, body, checks)
    outcomes = [_decision(result) if isinstance(result, dict) else None for result in results]
    if None in outcomes:
        return _without_decision(status, body, checks)
    return Answer(tuple(one for one in outcomes if one is not None), _fault(status, body))


def _decision(answer: dict[str, object]) -> Outcome | None:
    allowed = answer.get("allowed")
    return outcome_of(allowed, answer.get("reason")) if isinstance(allowed, bool) else None


def _without_decision(status: int, body: bytes | None, checks: int) -> Answer:
    # A 4xx and a 500 publish nothing; behind silence, or a proxy's word, there may be a decision.
    undecided = 400 <= status <= 500
    outcomes = () if undecided else (Outcome.UNKNOWN,) * checks
    return Answer(outcomes, _fault(status, body) or f"{status} without a decision")


def _fault(status: int, body: bytes | None) -> str | None:
    if status in (200, 429):
        return None
    if status == 0:
        return "no answer"
    detail = _object(body).get("detail")
    return f"{status} {detail}" if isinstance(detail, str) else str(status)


def _object(body: bytes | None) -> dict[str, object]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
