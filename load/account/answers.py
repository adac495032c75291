"""Reads the limiter's answers: the decisions, and whether the answer is an error.

Every status except 200 and 429 is an error. An error can also be a decision: a check that fails
closed is answered with 503 and published.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from account.decisions import Outcome, outcome_of


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request.

    :ivar outcomes: one for each check that was, or may have been, decided
    :ivar fault: why this is an error, or None
    """

    outcomes: tuple[Outcome, ...]
    fault: str | None = None

    @property
    def blocked(self) -> bool:
        """Whether a single check was blocked."""
        return self.outcomes == (Outcome.BLOCKED,)


def of_check(status: int, body: bytes | None) -> Answer:
    """Reads the answer to ``POST /v1/check``; status 0 means no answer."""
    outcome = _decision(_object(body))
    if outcome is None:
        return _without_decision(status, body, checks=1)
    return Answer((outcome,), _fault(status, body))


def of_authz(status: int, body: bytes | None) -> Answer:
    """Reads the answer to ``/v1/authz``, whose status is the decision."""
    match status:
        case 200:
            return Answer((Outcome.ALLOWED,))
        case 429:
            return Answer((Outcome.BLOCKED,))
        case _:
            return of_check(status, body)


def of_batch(status: int, body: bytes | None, checks: int) -> Answer:
    """Reads the answer to ``POST /v1/check/batch`` with this number of checks."""
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
    # 4xx and 500 publish nothing. No answer, or another status, may hide a decision.
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
