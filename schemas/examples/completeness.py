#!/usr/bin/env python3
"""Says what is missing in each series, from kcat's JSON on standard input. Needs nothing but Python 3.

    kcat -b localhost:19092 -C -t ratelimiter.decisions.v1 -o beginning -e -q -J | ./completeness.py
"""
import json
import sys
from collections import defaultdict

received = defaultdict(set)
named = defaultdict(lambda: {"issued": 0, "settled_seq": 0, "settled_dropped": 0, "closed": False})

for line in sys.stdin:
    message = json.loads(line)
    headers = dict(zip(message["headers"][::2], message["headers"][1::2]))
    event = json.loads(message["payload"])
    if event["schema_version"] != 1:
        sys.exit(f"unknown schema_version at offset {message['offset']}")
    series = (event["instance"], event["epoch"], event["partition"])
    if headers["ce_type"] == "ledger.v1":
        known = named[series]
        # Ledgers may come twice or late: only the highest counts matter.
        for count in ("issued", "settled_seq", "settled_dropped"):
            known[count] = max(known[count], event[count])
        known["closed"] |= event["closed"]
    else:
        received[series].add(event["seq"])

total = lost_total = 0
for series in sorted(received.keys() | named.keys()):
    numbers, known = received[series], named[series]
    up_to = max(known["issued"], max(numbers, default=0)) if known["closed"] else known["settled_seq"]
    lost = up_to - sum(1 for seq in numbers if seq <= up_to) - known["settled_dropped"]
    total += len(numbers)
    lost_total += lost
    print(*series, f"received {len(numbers)} dropped {known['settled_dropped']} lost {lost}")
print(f"received {total} lost {lost_total}")
