"""The verdict turns red for each way in which the counts can be off."""

import unittest

from account.answers import Answer
from account.decisions import Counts, Outcome, Run
from account.own import OwnCounts
from account.verdict import Verdict

ALLOWED, BLOCKED, FAILED_CLOSED, UNKNOWN = Outcome


def counts(allowed: int, blocked: int = 0, failed_closed: int = 0, unknown: int = 0) -> Counts:
    numbers = zip(Outcome, (allowed, blocked, failed_closed, unknown), strict=True)
    return Counts({("hot", outcome): n for outcome, n in numbers})


class VerdictTest(unittest.TestCase):
    def test_equal_counts_agree(self) -> None:
        same = counts(5, 7, 1)
        self.assertEqual(Verdict(same, same, same).faults(), [])

    def test_one_off_anywhere_is_named(self) -> None:
        right = counts(5, 7, 1)
        for wrong in (counts(4, 7, 1), counts(6, 7, 1), counts(5, 8, 1), counts(5, 7, 2)):
            for three in ((wrong, right, right), (right, wrong, right), (right, right, wrong)):
                faults = Verdict(*three).faults()
                self.assertEqual(len(faults), 1, faults)
                self.assertTrue(faults[0].startswith("hot, "), faults)

    def test_a_kind_that_nobody_asked_for_is_named(self) -> None:
        other = counts(5) + Counts({("cold", ALLOWED): 1})
        verdict = Verdict(counts(5), Counts(other), Counts(other))
        self.assertEqual(verdict.faults(), ["cold, allowed: client 0, topic 1, SQL 1"])

    def test_a_check_without_an_answer_may_be_there_or_not_but_once(self) -> None:
        client = counts(5, 7, unknown=1)
        for told in (counts(5, 7), counts(6, 7), counts(5, 8)):
            self.assertTrue(Verdict(client, told, told).agrees())
        for told in (counts(7, 7), counts(4, 7), counts(6, 8)):
            self.assertFalse(Verdict(client, told, told).agrees())
        self.assertFalse(Verdict(client, counts(6, 7), counts(5, 7)).agrees())

    def test_nothing_decided_is_a_fault(self) -> None:
        self.assertFalse(Verdict(Counts(), Counts(), Counts()).agrees())

    def test_the_table_adds_up(self) -> None:
        client = counts(5, 7, unknown=2) + Counts({("cold", ALLOWED): 10})
        last = Verdict(Counts(client), counts(6, 7), counts(6, 7)).table().splitlines()[-1]
        self.assertEqual(last.split(), "all 15 6 6 7 7 7 0 0 0 2 without an answer".split())


class OwnCountsTest(unittest.TestCase):
    def test_what_is_asked_is_unknown_until_it_is_answered(self) -> None:
        own = OwnCounts()
        own.asked("batch", 2)
        self.assertEqual(own.counts["batch", UNKNOWN], 2)
        own.answered("batch", 2, Answer((ALLOWED, BLOCKED)))
        self.assertEqual(+own.counts, {("batch", ALLOWED): 1, ("batch", BLOCKED): 1})

    def test_an_answer_that_is_forgotten_is_missing(self) -> None:
        own = OwnCounts()
        own.forget(1)
        for _ in range(3):
            own.asked("hot", 1)
            own.answered("hot", 1, Answer((BLOCKED,)))
        self.assertEqual(+own.counts, {("hot", BLOCKED): 2})
        three = counts(0, 3)
        self.assertFalse(Verdict(own.counts, three, three).agrees())


class RunTest(unittest.TestCase):
    def test_a_client_names_its_kind(self) -> None:
        run = Run("7f")
        self.assertEqual(run.kind_of(run.client("many", "a-b")), "many")

    def test_a_name_that_would_not_be_one_word_is_refused(self) -> None:
        for name in ("", "a-b", "A", "a%", "a" * 33):
            with self.assertRaises(ValueError):
                Run(name)
