#!/usr/bin/env python3
"""Runs the recipes in a ClickHouse within this process: pip install chdb-core==26.1.0, then run_embedded.py BROKER.

Prints the views and the count of unreadable records for each line of its input; ends with its input.
"""
import os
import sys
from pathlib import Path

from chdb.session import Session

QUERIES = (
    "SELECT * FROM ratelimiter.decisions_by_minute",
    "SELECT * FROM ratelimiter.block_rate_by_minute",
    "SELECT topic, uniqExact(partition, offset) AS unreadable FROM ratelimiter.unreadable GROUP BY topic",
)

session = Session()
for name in ("decisions.sql", "block-rates.sql"):
    text = (Path(__file__).parent / name).read_text().replace("localhost:19092", sys.argv[1])
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            session.query(statement)

for _ in sys.stdin:
    for query in QUERIES:
        print(session.query(query, "JSONEachRow"), end="", flush=True)

# Without the threads of the consumers, which would be awaited.
os._exit(0)
