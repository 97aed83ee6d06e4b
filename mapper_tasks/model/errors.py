"""One tree of errors. Each class has a code, says what happened, and how to mend it.

`docs/errors.md` is generated from this file. Families: MAP-1xxx job, 2xxx plan, 3xxx row,
4xxx database, 5xxx ledger and run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar


class MapperError(Exception):
    """Something mapper can name. `str()` gives code, message and mend in one line each."""

    code: ClassVar[str] = "MAP-0000"
    mend: ClassVar[str] = ""

    def __init__(self, message: str, *, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = mend or type(self).mend

    def __str__(self) -> str:
        first = f"{self.code}: {self.message}"
        return f"{first}\n  mend: {self.remedy}" if self.remedy else first

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.remedy)


def _rebuild(kind: type[MapperError], message: str, remedy: str) -> MapperError:
    error = kind.__new__(kind)
    MapperError.__init__(error, message, mend=remedy)
    return error


def all_errors(root: type[MapperError] = MapperError) -> Iterator[type[MapperError]]:
    """Every concrete error class, in order of code."""
    found: list[type[MapperError]] = []
    queue: list[type[MapperError]] = [root]
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        if kind.code.endswith("00"):
            continue
        found.append(kind)
    yield from sorted(found, key=lambda kind: kind.code)


class JobError(MapperError):
    """The job, as it is written, cannot be run. Nothing has been written."""

    code = "MAP-1000"


class JobInvalid(JobError):
    """The job spec breaks a rule; every fault names its field and what was expected."""

    code = "MAP-1001"
    mend = "correct the named fields; `mapper schema` prints the whole job spec"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class UnknownConnection(JobError):
    """The job names a connection that this process does not know."""

    code = "MAP-1002"
    mend = "set MAPPER_CONNECTIONS__<NAME> to its SQLAlchemy URL on every worker and client"


class MissingTable(JobError):
    """The target table is not there, and the job does not ask to create it."""

    code = "MAP-1003"
    mend = "create the table, correct target.table, or set target.create: true"


class MissingColumn(JobError):
    """A column the job names is not in the source query or the target table."""

    code = "MAP-1004"
    mend = "correct the name in target.columns, or add the column"


class UnstorableType(JobError):
    """A source column's type cannot be stored in its target column without loss."""

    code = "MAP-1005"
    mend = "convert it explicitly: target.columns.<name>: {sql: CAST(... AS ...)}"


class UnfilledColumn(JobError):
    """A target column is NOT NULL, has no default, and the job does not fill it."""

    code = "MAP-1006"
    mend = "map the column in target.columns, or give it a default in the database"


class SourceRefused(JobError):
    """The source database refused the query or an expression over it."""

    code = "MAP-1007"
    mend = "run the source query in the source database and correct it"


class KeyTypesDiffer(JobError):
    """A business key has one kind of type in the source and another in the target."""

    code = "MAP-1008"
    mend = "cast the key in the source query to the target's type"


class ForbiddenFunction(JobError):
    """A Python function is not in an allowed module, or is not there at all."""

    code = "MAP-1009"
    mend = "put its module in MAPPER_ALLOWED_MODULES on every worker"


class UnsuitableTarget(JobError):
    """The target table lacks what the job's kind of load needs."""

    code = "MAP-1010"
    mend = "add the named column or index, or let target.create: true make the table"


class UnreadableJob(JobError):
    """The job file is not there or is not YAML or JSON."""

    code = "MAP-1011"
    mend = "give a file with one job as YAML or JSON, or - for standard input"


class TargetIsLedger(JobError):
    """The target is in the SQLite file of the ledger, where one writer would wait for the other."""

    code = "MAP-1012"
    mend = "give the ledger a file of its own: MAPPER_METADATA_URL=sqlite:///other.db"


class PlanError(MapperError):
    """The run cannot be planned. Nothing has been written to the target."""

    code = "MAP-2000"


class TooManyWouldExpire(PlanError):
    """The source lacks more of the target's open keys than `max_expire_share` allows."""

    code = "MAP-2001"
    mend = "check that the source is complete; raise target.max_expire_share if it is"


class KeyLeftSlice(PlanError):
    """A Python function gave a row a business key outside the slice it was read by."""

    code = "MAP-2002"
    mend = "keep business keys out of `transform`, or set parallel_config.enable_parallel: false"


class UncuttableKey(PlanError):
    """The business key cannot be cut in the way `parallel_config.partition` asks."""

    code = "MAP-2003"
    mend = "set parallel_config.partition: auto; or spool, which reads the source only once"


class NoSharedMoment(PlanError):
    """`source.consistency: run` asks for one moment, which no two transactions can read there."""

    code = "MAP-2004"
    mend = (
        "take one chunk (parallel_config.enable_parallel: false), or source.consistency: chunk; "
        "PostgreSQL and Oracle can share a moment"
    )


class RowFault(MapperError):
    """A source row could not be loaded. It is in DMS_JOBERR; its neighbours are loaded."""

    code = "MAP-3000"


class NullKey(RowFault):
    """A part of the business key is NULL."""

    code = "MAP-3001"
    mend = "fill the key in the source, or leave such rows out of the query"


class NullEffectiveFrom(RowFault):
    """The column of `effective_from` is NULL, so the row has no place in the history."""

    code = "MAP-3002"
    mend = "fill the column in the source, or use {sql: COALESCE(...)} in the query"


class DuplicateKey(RowFault):
    """Several rows of one key differ and nothing orders them."""

    code = "MAP-3003"
    mend = "set effective_from, on_duplicate: last, or make the key unique in the query"


class ValueRefused(RowFault):
    """The target database refused a value: type, length, range, NOT NULL, CHECK, reference."""

    code = "MAP-3004"
    mend = "correct the row in the source, then `mapper replay`"


class FunctionRaised(RowFault):
    """A Python function of the job raised on this row."""

    code = "MAP-3005"
    mend = "correct the function or the row, then `mapper replay`"


class TooManyRowErrors(RowFault):
    """More rows were rejected than `max_error_rows` allows. The chunk was not committed."""

    code = "MAP-3006"
    mend = "see `mapper errors PRCID`; mend the rows, or raise max_error_rows, then resume"


class DatabaseError(MapperError):
    """A database could not do what was asked."""

    code = "MAP-4000"


class DatabaseUnreachable(DatabaseError):
    """The database does not answer or refuses the login."""

    code = "MAP-4001"
    mend = "check the URL, the network and the login of the named connection"


class StatementFailed(DatabaseError):
    """The database failed a statement in a way that will not pass by itself."""

    code = "MAP-4002"
    mend = "see the database's message; resume the run when its cause is gone"


class UnsupportedDatabase(DatabaseError):
    """There is no dialect for this kind of database."""

    code = "MAP-4003"
    mend = "use postgresql+psycopg:// or sqlite:// URLs"


class ServerNotStarted(DatabaseError):
    """A throw-away server of the demo or the tests could not be started."""

    code = "MAP-4004"
    mend = "read its log above; `./dev clean` and `./dev setup` install its program anew"


class MomentGone(DatabaseError):
    """The one moment of the source that all chunks of the run read cannot be read any longer."""

    code = "MAP-4005"
    mend = (
        "submit the job again, which reads one moment anew; or `mapper resume PRCID`: what is not "
        "applied is then read at a second moment"
    )


class LedgerError(MapperError):
    """The ledger or a run's state does not allow what was asked."""

    code = "MAP-5000"


class LedgerOutdated(LedgerError):
    """The ledger's tables are missing or of another version."""

    code = "MAP-5001"
    mend = "run `mapper init`"


class UnknownRun(LedgerError):
    """There is no run of this number in the ledger."""

    code = "MAP-5002"
    mend = "`mapper status` lists the runs; check MAPPER_METADATA_URL"


class TargetBusy(LedgerError):
    """Another live run holds the lease of this target table."""

    code = "MAP-5003"
    mend = "wait for that run, or stop it, then submit again"


class ForeignLedger(LedgerError):
    """A live run of another ledger uses the same run number on this target database."""

    code = "MAP-5004"
    mend = "wait for that run to end, or keep one ledger for one target database"


class RunOver(LedgerError):
    """The run has ended, so it cannot be stopped or resumed as asked."""

    code = "MAP-5005"
    mend = "submit a new run"


class BadSetting(LedgerError):
    """An environment variable of mapper is unknown or has a bad value."""

    code = "MAP-5006"
    mend = "correct or unset the named variable"


class ClaimLost(LedgerError):
    """Another worker has taken over the chunk, or its run has ended without this one."""

    code = "MAP-5007"
    mend = "nothing to do: the chunk's data is committed by whoever holds its claim"


class StopAsked(LedgerError):
    """The run is to stop at once, so this attempt at the chunk ends and is rolled back."""

    code = "MAP-5008"
    mend = "`mapper resume PRCID` goes on with the chunks that are not applied"


class BrokerUnreachable(LedgerError):
    """The broker did not take the message that starts the run, so the run is closed."""

    code = "MAP-5009"
    mend = "check MAPPER_BROKER_URL and that the broker answers, then submit again"


class RunAlive(LedgerError):
    """The run has not ended, so there is nothing to resume."""

    code = "MAP-5010"
    mend = "wait until it has ended; `mapper status PRCID` shows how far it is"


class RunAbandoned(LedgerError):
    """The process that did the run all by itself has ended before the run had."""

    code = "MAP-5011"
    mend = "`mapper resume PRCID` lets the workers go on; with --local this process does"


class BadMessage(LedgerError):
    """A message of a task is not what the task takes. Nothing was written."""

    code = "MAP-5012"
    mend = 'send {"job": {...}}, or {"prcid": n} for a run that is written already'


class NothingToReplay(LedgerError):
    """No row error of the run has a key by which its row could be found again."""

    code = "MAP-5013"
    mend = "mend the rows and run the job again; `mapper errors PRCID` shows them"


class WorkersLost(LedgerError):
    """A chunk was given up, because one worker process after another ended while it had it."""

    code = "MAP-5014"
    mend = (
        "look for why they ended in the workers' logs (out of memory, a fault in a function or a "
        "driver), mend that, and resume the run"
    )
