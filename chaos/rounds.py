"""A round: both versions are loaded, faults strike, and the end is compared with the right one."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from chaos import shop
from chaos.ends import End
from chaos.faults import FAULTS, IN_WAIT, Life, Mending
from chaos.place import Place
from chaos.stuck import Stuck, at_most
from mapper_tasks.model.errors import MapperError
from mapper_tasks.model.run import Run
from mapper_tasks.model.status import RunStatus

FEWEST, MOST = 2, 4  # faults a run
PACE = 0.0012  # seconds a key: in that time from a run's begin all have begun to strike
PATIENCE = 90.0  # seconds after the last fault and mending: then it hangs
LONGEST = 400.0  # seconds of a round: then a call of the client hangs
BUSY = "MAP-5003"

Watch = Callable[[str], None]


@dataclass(frozen=True)
class Planned:
    """A fault as the seed chose it."""

    at: float
    name: str
    seed: str


@dataclass
class Report:
    """What came of a round."""

    number: int
    faults: Counter[str] = field(default_factory=Counter)
    resumed: int = 0
    wrong: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    chunks: int = 0
    seconds: float = 0.0
    recovery: float = 0.0  # the longest from the last fault, or its mending, to the end

    @property
    def bad(self) -> bool:
        return bool(self.wrong or self.hangs)


def choose(
    seed: int, number: int, version: int, span: float, faults: Sequence[str] = tuple(FAULTS)
) -> list[Planned]:
    """Some of the faults, for a run within `span` seconds; the same for the same seed."""
    chance = random.Random(f"{seed}/{number}/{version}")
    count = chance.randint(FEWEST, MOST)
    times = sorted(chance.uniform(0, span) for _ in range(count))
    names = [chance.choice(faults) for _ in range(count)]
    return [
        Planned(at, name, f"{seed}/{number}/{version}/{n}")
        for n, (at, name) in enumerate(zip(times, names, strict=True))
    ]


def play(place: Place, faults: Sequence[str], seed: int, number: int, watch: Watch) -> Report:
    """A round in which some of the `faults` strike."""
    report = Report(number)
    begun = time.monotonic()
    place.empty_target()
    try:
        with at_most(LONGEST):
            for version in shop.VERSIONS:
                span = place.keys * PACE
                planned = choose(seed, number, version, span, faults)
                Course(place, version, planned, report, watch).go()
                if report.bad:
                    break  # the second version would only say so again
    except Stuck as stuck:
        report.hangs.append(f"round {number}: a call does not return, at {stuck}")
    report.seconds = time.monotonic() - begun
    return report


class Course:
    """One run of a round, from its submit to its end."""

    def __init__(
        self, place: Place, version: int, planned: list[Planned], report: Report, watch: Watch
    ) -> None:
        self._place, self._report, self._watch = place, report, watch
        self._planned = planned
        self._mendings: list[tuple[float, Callable[[], None]]] = []
        self._life = Life(version, place.client.submit(shop.job(version)))
        self._begun = self._quiet_since = time.monotonic()
        self._before = {name: count(place) for name, count in IN_WAIT.items()}

    def go(self) -> None:
        try:
            while not self._over():
                if time.monotonic() > self._quiet_since + PATIENCE:
                    self._report.hangs.append(f"{self._name} hangs: {self._state()}")
                    return
                self._mend_what_is_due()
                self._strike_what_is_due()
                time.sleep(0.05)
            report = self._report
            report.recovery = max(report.recovery, time.monotonic() - self._quiet_since)
        finally:
            for _, mend in self._mendings:
                mend()
            self._place.mend()
        self._take_back_what_met_nothing()
        self._compare()

    @property
    def _name(self) -> str:
        return f"round {self._report.number}, version {self._life.version}, run {self._life.prcid}"

    # ---- faults

    def _strike_what_is_due(self) -> None:
        """What finds nothing to strike at waits until there is something."""
        passed = time.monotonic() - self._begun
        self._planned = [
            fault for fault in self._planned if fault.at > passed or not self._strike(fault)
        ]

    def _strike(self, fault: Planned) -> bool:
        mendings: list[Mending] | None = None
        with suppress(SQLAlchemyError):  # it needs the database, which is down
            mendings = FAULTS[fault.name](self._place, self._life, random.Random(fault.seed))
        if mendings is None:
            return False
        self._report.faults[fault.name] += 1
        self._quiet_since = time.monotonic()
        self._mendings += [(self._quiet_since + one.after, one.do) for one in mendings]
        self._watch(f"{self._name}: {fault.name}")
        return True

    def _mend_what_is_due(self) -> None:
        now = time.monotonic()
        due = [one for one in self._mendings if one[0] <= now]
        self._mendings = [one for one in self._mendings if one[0] > now]
        for _, mend in due:
            mend()
            self._quiet_since = time.monotonic()

    def _take_back_what_met_nothing(self) -> None:
        for name, count in IN_WAIT.items():
            if count(self._place) == self._before[name]:
                del self._report.faults[name]

    # ---- the end

    def _over(self) -> bool:
        """Whether every run has its final status. One that was stopped is resumed."""
        with suppress(SQLAlchemyError):
            run, *rivals = map(self._place.client.status, (self._life.prcid, *self._life.rivals))
            if run.status.final and all(rival.status.final for rival in rivals):
                if run.status is RunStatus.SUCCESS:
                    return True
                self._go_on_with(run)
        return False

    def _go_on_with(self, run: Run) -> None:
        """As a person would: once what is broken has been mended."""
        if self._needs_a_person(run):
            self._report.wrong.append(f"{self._name} needs a person: {run.message}")
        if self._mendings:
            return
        with suppress(MapperError):  # the broker is not up yet
            self._place.client.resume(run.prcid)
            self._report.resumed += 1
            self._quiet_since = time.monotonic()

    def _needs_a_person(self, run: Run) -> bool:
        """Whether it ended early though nobody stopped it, and no other loads its target."""
        if run.status is RunStatus.FAILED:
            return BUSY not in run.message or not self._life.rivals
        return run.status is RunStatus.STOPPED and not self._life.stops

    def _state(self) -> str:
        try:
            progress = self._place.client.progress(self._life.prcid)
            rivals = [str(self._place.client.status(n).status) for n in self._life.rivals]
        except SQLAlchemyError as fault:
            return f"the ledger does not answer, {type(fault).__name__}"
        return f"{progress.run.status}, {dict(progress.chunks)}, others {rivals}"

    def _compare(self) -> None:
        place, life = self._place, self._life
        end = End.of([life.prcid, *life.rivals], place.ledger, place.noted, place.target)
        self._report.chunks += sum(run.marked for run in end.runs)
        differences = end.differences(place.references[life.version])
        self._report.wrong += [f"{self._name}: {words}" for words in differences]
        for run in map(place.client.status, life.rivals):
            if run.status is not RunStatus.SUCCESS and BUSY not in run.message:
                self._report.wrong.append(f"{self._name}, its rival {run.prcid}: {run.message}")
