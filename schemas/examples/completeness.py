#!/usr/bin/env python3
"""Prints the missing numbers of each series, from kcat's JSON on standard input. Needs only Python 3.

    kcat -b localhost:19092 -C -t ratelimiter.decisions.v1 -o beginning -e -q -J | ./completeness.py

A record that cannot be read is reported and skipped, and the exit code is then 1.
"""
import json
import sys
from collections import defaultdict


class Series:
    """The numbers of one publisher on one partition; only those after a gap are kept individually."""

    def __init__(self):
        self.received = 0
        self.whole_up_to = 0
        self.beyond = set()
        self.base = None
        self.issued = self.settled_seq = self.settled_dropped = 0
        self.closed = False

    def number(self, seq):
        if seq <= self.whole_up_to or seq in self.beyond:
            return
        self.received += 1
        self.beyond.add(seq)
        self.compact()

    def ledger(self, event, from_the_start):
        if self.base is None:
            # Records that the topic no longer keeps are not lost: counting starts with the first ledger that is read.
            self.base = (0, 0) if from_the_start else (event["settled_seq"], event["settled_dropped"])
            self.whole_up_to = max(self.whole_up_to, self.base[0])
            self.beyond = {seq for seq in self.beyond if seq > self.whole_up_to}
            self.compact()
        # Ledgers may arrive twice or late: only the highest counts matter.
        self.issued = max(self.issued, event["issued"])
        self.settled_seq = max(self.settled_seq, event["settled_seq"])
        self.settled_dropped = max(self.settled_dropped, event["settled_dropped"])
        self.closed |= event["closed"]

    def compact(self):
        while self.whole_up_to + 1 in self.beyond:
            self.whole_up_to += 1
            self.beyond.remove(self.whole_up_to)

    def lost(self):
        if self.base is None:
            return 0
        up_to = max(self.issued, self.whole_up_to, max(self.beyond, default=0)) if self.closed else self.settled_seq
        here = min(up_to, self.whole_up_to) + sum(1 for seq in self.beyond if seq <= up_to)
        return up_to - here - (self.settled_dropped - self.base[1])


def whole(event, *names):
    """Raises ValueError unless each of these is a whole number from 0."""
    for name in names:
        if type(event[name]) is not int or event[name] < 0:
            raise ValueError(f"{name} is not a whole number")


def take(message):
    headers = dict(zip(message["headers"][::2], message["headers"][1::2]))
    event = json.loads(message["payload"])
    if event["schema_version"] != 1:
        raise ValueError(f"unknown schema_version {event['schema_version']}")
    whole(event, "partition")
    first_offsets.setdefault(message["partition"], message["offset"])
    key = (str(event["instance"]), str(event["epoch"]), event["partition"])
    if headers["ce_type"] == "ledger.v1":
        whole(event, "issued", "settled_seq", "settled_dropped")
        if type(event["closed"]) is not bool:
            raise ValueError("closed is neither true nor false")
        series[key].ledger(event, first_offsets[message["partition"]] == 0)
    else:
        whole(event, "seq")
        series[key].number(event["seq"])


series = defaultdict(Series)
first_offsets = {}
unreadable = 0
sys.stdin.reconfigure(encoding="utf-8", errors="replace")
for line in sys.stdin:
    offset = "?"
    try:
        message = json.loads(line)
        offset = f"{message['partition']}/{message['offset']}"
        take(message)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        unreadable += 1
        print(f"unreadable record at {offset}: {type(fault).__name__}: {fault}", file=sys.stderr)

for key, one in sorted(series.items()):
    print(*key, f"received {one.received} dropped {one.settled_dropped} lost {one.lost()}")
received, lost = (sum(f(one) for one in series.values()) for f in (lambda one: one.received, Series.lost))
if unreadable:
    print(f"unreadable {unreadable}")
print(f"received {received} lost {lost}")
sys.exit(1 if unreadable else 0)
