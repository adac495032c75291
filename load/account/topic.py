"""Counts of a run on the decisions topic."""

from __future__ import annotations

import json
from typing import Any

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from account.decisions import Counts, Run, outcome_of

TOPIC = "ratelimiter.decisions.v1"
_TIMEOUT_SECONDS = 10.0
_BATCH = 1_000


class Topic:
    """Counts the distinct decisions of a run.

    Keeps the id of each decision in memory. Blocks. Not thread-safe.
    """

    def __init__(self, servers: str, run: Run, since_millis: int) -> None:
        """Begins at the first record appended at ``since_millis`` (epoch) or later."""
        self.counts = Counts()
        self._run = run
        self._seen: set[str] = set()
        self._consumer = Consumer(
            {
                "bootstrap.servers": servers,
                # Required by the client, but never committed.
                "group.id": run.prefix + "verdict",
                "enable.auto.commit": False,
            }
        )
        try:
            self._next = self._offsets(since_millis)
            self._consumer.assign([TopicPartition(TOPIC, p, o) for p, o in self._next.items()])
        except BaseException:
            self._consumer.close()
            raise

    def close(self) -> None:
        """Ends the connection."""
        self._consumer.close()

    def read_to_end(self) -> None:
        """Reads up to the current end into :attr:`counts`.

        :raises KafkaException: Kafka does not answer
        """
        ends = {partition: self._bounds(partition)[1] for partition in self._next}
        while any(self._next[partition] < end for partition, end in ends.items()):
            messages = self._consumer.consume(_BATCH, timeout=_TIMEOUT_SECONDS)
            if not messages:
                raise KafkaException(f"no records of {TOPIC} for {_TIMEOUT_SECONDS:.0f} s")
            for message in messages:
                self._take(message)

    def _offsets(self, since_millis: int) -> dict[int, int]:
        topic = self._consumer.list_topics(TOPIC, timeout=_TIMEOUT_SECONDS).topics[TOPIC]
        if topic.error is not None:
            raise KafkaException(topic.error)
        wanted = [TopicPartition(TOPIC, partition, since_millis) for partition in topic.partitions]
        found = self._consumer.offsets_for_times(wanted, timeout=_TIMEOUT_SECONDS)
        # Without a record from that time on, the offset is negative.
        return {
            at.partition: at.offset if at.offset >= 0 else self._bounds(at.partition)[1]
            for at in found
        }

    def _bounds(self, partition: int) -> tuple[int, int]:
        where = TopicPartition(TOPIC, partition)
        low, high = self._consumer.get_watermark_offsets(where, timeout=_TIMEOUT_SECONDS)
        return low, high

    def _take(self, message: Message) -> None:
        partition, offset, value = message.partition(), message.offset(), message.value()
        if message.error() is not None or partition is None or offset is None:
            raise KafkaException(message.error())
        self._next[partition] = offset + 1
        if value is not None and _is_decision(message) and self._is_ours(message.key()):
            self._count(json.loads(value))

    def _is_ours(self, key: str | bytes | None) -> bool:
        # The key is tenant/client: this skips most records without parsing them.
        return isinstance(key, bytes) and self._run.prefix.encode() in key

    def _count(self, event: dict[str, Any]) -> None:
        if event["decision_id"] in self._seen or not event["client_id"].startswith(
            self._run.prefix
        ):
            return
        self._seen.add(event["decision_id"])
        kind = self._run.kind_of(event["client_id"])
        self.counts[kind, outcome_of(event["allowed"], event["reason"])] += 1


def _is_decision(message: Message) -> bool:
    return ("ce_type", b"decision.v1") in (message.headers() or ())
