"""Answers of the limiter, by status and body, and their outcomes."""

import unittest

from account.answers import Answer, of_authz, of_batch, of_check
from account.decisions import Outcome

ALLOWED = b'{"allowed":true,"remaining":19}'
BLOCKED = b'{"allowed":false,"reason":"limit_exceeded"}'
FAILED_CLOSED = b'{"status":503,"detail":"no store","reason":"store_unavailable","allowed":false}'
PROBLEM = b'{"status":400,"detail":"cost must be a number"}'


class AnswersTest(unittest.TestCase):
    def test_a_decision_is_no_error_whether_blocked_is_200_or_429(self) -> None:
        self.assertEqual(of_check(200, ALLOWED), Answer((Outcome.ALLOWED,)))
        for status in (200, 429):
            self.assertEqual(of_check(status, BLOCKED), Answer((Outcome.BLOCKED,)))
            self.assertTrue(of_check(status, BLOCKED).blocked)

    def test_failing_closed_is_an_error_and_a_decision(self) -> None:
        failed = Answer((Outcome.FAILED_CLOSED,), "503 no store")
        self.assertEqual(of_check(503, FAILED_CLOSED), failed)
        self.assertEqual(of_authz(503, FAILED_CLOSED), failed)

    def test_a_refused_request_is_an_error_and_decides_nothing(self) -> None:
        self.assertEqual(of_check(400, PROBLEM), Answer((), "400 cost must be a number"))
        self.assertEqual(of_authz(401, b""), Answer((), "401"))
        self.assertEqual(of_batch(413, None, 20), Answer((), "413"))
        self.assertEqual(of_check(500, b"[]"), Answer((), "500"))

    def test_without_an_answer_there_may_be_a_decision(self) -> None:
        self.assertEqual(of_check(0, None), Answer((Outcome.UNKNOWN,), "no answer"))
        self.assertEqual(of_batch(502, b"<html>", 2), Answer((Outcome.UNKNOWN,) * 2, "502"))

    def test_an_answer_without_a_decision_is_an_error(self) -> None:
        for body in (None, b"", b"{}", b'{"allowed":"yes"}', b"no JSON", b"\xff"):
            self.assertEqual(
                of_check(200, body), Answer((Outcome.UNKNOWN,), "200 without a decision")
            )

    def test_a_batch_has_a_decision_for_each_check(self) -> None:
        body = b'{"results":[%b,%b,%b]}' % (ALLOWED, BLOCKED, FAILED_CLOSED)
        outcomes = (Outcome.ALLOWED, Outcome.BLOCKED, Outcome.FAILED_CLOSED)
        self.assertEqual(of_batch(200, body, 3), Answer(outcomes))
        self.assertFalse(of_batch(200, body, 3).blocked)
        for wrong in (body[:-1] + b',"results":[]}', b'{"results":[1,2,3]}', b'{"results":3}'):
            self.assertEqual(
                of_batch(200, wrong, 3), Answer((Outcome.UNKNOWN,) * 3, "200 without a decision")
            )

    def test_authz_is_read_by_status_alone(self) -> None:
        self.assertEqual(of_authz(200, b""), Answer((Outcome.ALLOWED,)))
        self.assertEqual(of_authz(429, None), Answer((Outcome.BLOCKED,)))
