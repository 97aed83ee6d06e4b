"""The states of a run and of a chunk, and their legal changes as data."""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """Where a run stands. STOPPING is asked for, STOPPED is done."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    STOPPING = "STOPPING"
    SUCCESS = "SUCCESS"
    STOPPED = "STOPPED"
    FAILED = "FAILED"

    @property
    def final(self) -> bool:
        return self in FINAL


FINAL = frozenset({RunStatus.SUCCESS, RunStatus.STOPPED, RunStatus.FAILED})

RESUMED = "somebody resumed it, and it had no plan yet, or needs a new moment of its source"
RUN_CHANGES: dict[tuple[RunStatus, RunStatus], str] = {
    (RunStatus.PENDING, RunStatus.RUNNING): "the coordinator has recorded the plan",
    (RunStatus.PENDING, RunStatus.STOPPING): "somebody asked to stop before it was planned",
    (RunStatus.PENDING, RunStatus.FAILED): "the job could not be planned",
    (RunStatus.RUNNING, RunStatus.STOPPING): "somebody asked to stop",
    (RunStatus.RUNNING, RunStatus.SUCCESS): "every chunk is applied",
    (RunStatus.RUNNING, RunStatus.FAILED): "every chunk has ended, and one failed",
    (RunStatus.STOPPING, RunStatus.STOPPED): "no chunk is running any more",
    (RunStatus.STOPPING, RunStatus.SUCCESS): "the stop came after the last chunk was applied",
    (RunStatus.STOPPING, RunStatus.FAILED): "a chunk had failed before the stop was carried out",
    (RunStatus.STOPPED, RunStatus.RUNNING): "somebody resumed it",
    (RunStatus.FAILED, RunStatus.RUNNING): "somebody resumed it",
    (RunStatus.STOPPED, RunStatus.PENDING): RESUMED,
    (RunStatus.FAILED, RunStatus.PENDING): RESUMED,
}


class ChunkStatus(StrEnum):
    """Where a chunk stands."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    APPLIED = "APPLIED"
    FAILED = "FAILED"


CHUNK_CHANGES: dict[tuple[ChunkStatus, ChunkStatus], str] = {
    (ChunkStatus.PENDING, ChunkStatus.RUNNING): "a worker claimed it",
    (ChunkStatus.RUNNING, ChunkStatus.RUNNING): "its worker's claim ran out; another claimed it",
    (ChunkStatus.RUNNING, ChunkStatus.PENDING): "its worker gave it back, to be tried again",
    (ChunkStatus.RUNNING, ChunkStatus.APPLIED): "its data and its marker are committed",
    (ChunkStatus.RUNNING, ChunkStatus.FAILED): "it cannot be applied, or was tried too often",
    (ChunkStatus.FAILED, ChunkStatus.PENDING): "somebody resumed the run",
}


class RequestStatus(StrEnum):
    """How far a request in DMS_PRCREQ is."""

    NEW = "NEW"
    CLAIMED = "CLAIMED"
    DONE = "DONE"
    FAILED = "FAILED"


class RequestType(StrEnum):
    """What is asked of a run in DMS_PRCREQ."""

    STOP = "STOP"
