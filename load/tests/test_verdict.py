"""The verdict fails for every way in which counts can differ."""

import unittest

from account.answers import Answer
from account.caller_counts import CallerCounts
from account.decisions import Counts, Outcome, Run
from account.verdict import Verdict

ALLOWED, BLOCKED, FAILED_CLOSED, UNKNOWN = Outcome


def counts(allowed: int, blocked: int = 0, failed_closed: int = 0, unknown: int = 0) -> Counts:
    numbers = zip(Outcome, (allowed, blocked, failed_closed, unknown), strict=True)
    return Counts({("hot", outcome): n for outcome, n in numbers})


class VerdictTest(unittest.TestCase):
    def test_equal_counts_agree(self) -> None:
        same = counts(5, 7, 1)
        self.assertEqual(Verdict(same, same, same).faults(), [])

    def test_a_difference_in_any_count_is_reported(self) -> None:
        right = counts(5, 7, 1)
        for wrong in (counts(4, 7, 1), counts(6, 7, 1), counts(5, 8, 1), counts(5, 7, 2)):
            for three in ((wrong, right, right), (right, wrong, right), (right, right, wrong)):
                faults = Verdict(*three).faults()
                self.assertEqual(len(faults), 1, faults)
                self.assertTrue(faults[0].startswith("hot, "), faults)

    def test_a_kind_without_callers_is_reported(self) -> None:
        other = counts(5) + Counts({("cold", ALLOWED): 1})
        verdict = Verdict(counts(5), Counts(other), Counts(other))
        self.assertEqual(verdict.faults(), ["cold, allowed: client 0, topic 1, SQL 1"])

    def test_a_check_without_an_answer_may_be_decided_once_or_not(self) -> None:
        client = counts(5, 7, unknown=1)
        for published in (counts(5, 7), counts(6, 7), counts(5, 8)):
            self.assertTrue(Verdict(client, published, published).agrees())
        for published in (counts(7, 7), counts(4, 7), counts(6, 8)):
            self.assertFalse(Verdict(client, published, published).agrees())
        self.assertFalse(Verdict(client, counts(6, 7), counts(5, 7)).agrees())

    def test_nothing_decided_is_a_fault(self) -> None:
        self.assertFalse(Verdict(Counts(), Counts(), Counts()).agrees())

    def test_the_table_adds_up(self) -> None:
        client = counts(5, 7, unknown=2) + Counts({("cold", ALLOWED): 10})
        last = Verdict(Counts(client), counts(6, 7), counts(6, 7)).table().splitlines()[-1]
        self.assertEqual(last.split(), "all 15 6 6 7 7 7 0 0 0 2 without an answer".split())


class CallerCountsTest(unittest.TestCase):
    def test_a_check_is_unknown_until_it_is_answered(self) -> None:
        caller_counts = CallerCounts()
        caller_counts.sent("batch", 2)
        self.assertEqual(caller_counts.counts["batch", UNKNOWN], 2)
        caller_counts.answered("batch", 2, Answer((ALLOWED, BLOCKED)))
        self.assertEqual(+caller_counts.counts, {("batch", ALLOWED): 1, ("batch", BLOCKED): 1})

    def test_an_omitted_answer_is_missing(self) -> None:
        caller_counts = CallerCounts()
        caller_counts.omit(1)
        for _ in range(3):
            caller_counts.sent("hot", 1)
            caller_counts.answered("hot", 1, Answer((BLOCKED,)))
        self.assertEqual(+caller_counts.counts, {("hot", BLOCKED): 2})
        three = counts(0, 3)
        self.assertFalse(Verdict(caller_counts.counts, three, three).agrees())


class RunTest(unittest.TestCase):
    def test_a_client_id_contains_its_kind(self) -> None:
        run = Run("7f")
        self.assertEqual(run.kind_of(run.client("many", "a-b")), "many")

    def test_an_invalid_run_name_is_refused(self) -> None:
        for name in ("", "a-b", "A", "a%", "a" * 33):
            with self.assertRaises(ValueError):
                Run(name)
