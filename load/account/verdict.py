"""Compares the three counts of a run."""

from __future__ import annotations

from dataclasses import dataclass

from account.decisions import DECIDED, Counts, Outcome

_WIDTH = 9


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether callers, topic and SQL agree on a run, by kind of user and outcome.

    Topic and SQL must be equal. The callers' counts must be equal to them, except that checks
    without an answer may have been decided or not.

    :ivar client: answers received by the callers
    :ivar topic: decisions on the topic
    :ivar sql: decisions counted in the tables
    """

    client: Counts
    topic: Counts
    sql: Counts

    def faults(self) -> list[str]:
        """The differences, one sentence each; empty if all counts agree."""
        if self.client.decided() == 0:
            return ["no caller received a decision"]
        return [fault for kind in self._kinds() for fault in self._faults_of(kind)]

    def agrees(self) -> bool:
        """Whether there is no fault."""
        return not self.faults()

    def table(self) -> str:
        """The counts as a table, with a line for each kind of user and one for all."""
        lines = [
            " " * 8 + "".join(f"{outcome.value:^{3 * _WIDTH}}" for outcome in DECIDED),
            " " * 8 + "".join(f"{name:>{_WIDTH}}" for name in ("client", "topic", "SQL") * 3),
        ]
        lines += [self._line(kind, {kind}) for kind in self._kinds()]
        lines.append(self._line("all", set(self._kinds())))
        return "\n".join(lines)

    def _kinds(self) -> list[str]:
        return sorted(self.client.kinds() | self.topic.kinds() | self.sql.kinds())

    def _faults_of(self, kind: str) -> list[str]:
        faults = []
        unknown = self.client[kind, Outcome.UNKNOWN]
        surplus = 0
        for outcome in DECIDED:
            client, topic, sql = (
                counts[kind, outcome] for counts in (self.client, self.topic, self.sql)
            )
            surplus += topic - client
            if topic != sql or not client <= topic <= client + unknown:
                faults.append(f"{kind}, {outcome}: client {client}, topic {topic}, SQL {sql}")
        if not faults and surplus > unknown:
            faults.append(f"{kind}: {surplus} more on the topic, but {unknown} answers missing")
        return faults

    def _line(self, name: str, kinds: set[str]) -> str:
        cells = [
            sum(counts[kind, outcome] for kind in kinds)
            for outcome in DECIDED
            for counts in (self.client, self.topic, self.sql)
        ]
        unknown = sum(self.client[kind, Outcome.UNKNOWN] for kind in kinds)
        missing = f"   {unknown} without an answer" if unknown else ""
        return f"{name:<8}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells) + missing
