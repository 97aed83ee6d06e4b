"""What a run tells about itself while it goes: the events and when each is told."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """An event's word in the log. Its facts are numbers and names, never values of rows."""

    RUN_SUBMITTED = "run.submitted"
    RUN_PLANNED = "run.planned"
    RUN_REFUSED = "run.refused"
    RUN_WAITS = "run.waits"
    RUN_TRIED_AGAIN = "run.tried_again"
    RUN_ABANDONED = "run.abandoned"
    RUN_ENDED = "run.ended"
    CHUNK_STARTED = "chunk.started"
    CHUNK_APPLIED = "chunk.applied"
    CHUNK_GIVEN_BACK = "chunk.given_back"
    CHUNK_FAILED = "chunk.failed"
    CHUNK_LOST = "chunk.lost"
    CHUNK_SKIPPED = "chunk.skipped"
    BEAT_MISSED = "beat.missed"
    MOMENT_KEPT = "moment.kept"
    MOMENT_LOST = "moment.lost"
    LEASE_KEPT = "lease.kept"
    SPOOL_KEPT = "spool.kept"
    MESSAGE_UNSENT = "message.unsent"
    MESSAGE_REFUSED = "message.refused"
    MESSAGE_GIVEN_BACK = "message.given_back"
    FAREWELL_OVER = "farewell.over"
    STOP_ASKED = "stop.asked"
    RESCUED_RUN = "rescue.run"
    RESCUED_CHUNKS = "rescue.chunks"
    RESCUE_FAILED = "rescue.failed"


TOLD_WHEN: dict[Event, str] = {
    Event.RUN_SUBMITTED: "the run is in the ledger",
    Event.RUN_PLANNED: "its plan is in the ledger",
    Event.RUN_REFUSED: "it could not be planned",
    Event.RUN_WAITS: "another run loads its target; it is tried again",
    Event.RUN_TRIED_AGAIN: "a fault that passes by itself met its planning",
    Event.RUN_ABANDONED: "the process that did it by itself is gone, so it ends as FAILED",
    Event.RUN_ENDED: "it has its final status",
    Event.CHUNK_STARTED: "this worker has claimed the chunk",
    Event.CHUNK_APPLIED: "its data and its marker are committed",
    Event.CHUNK_GIVEN_BACK: "a fault that passes by itself, or a stop, ended this attempt",
    Event.CHUNK_FAILED: "it cannot be applied, or was tried too often",
    Event.CHUNK_LOST: "another worker has taken over the claim",
    Event.CHUNK_SKIPPED: "there is nothing to do: it is done, claimed, or the run goes no further",
    Event.BEAT_MISSED: "the ledger could not be told that the claim is alive",
    Event.MOMENT_KEPT: "this process keeps the moment of the source that all chunks read",
    Event.MOMENT_LOST: "that moment cannot be read any longer; no further chunk starts",
    Event.LEASE_KEPT: "the target's lease could not be released and will run out by itself",
    Event.SPOOL_KEPT: "the run's spool could not be dropped; the next spooled run there does it",
    Event.MESSAGE_UNSENT: "the broker did not take a message; the ledger knows what is open",
    Event.MESSAGE_REFUSED: "a message asks for nothing that can be done; nothing was written",
    Event.MESSAGE_GIVEN_BACK: "a message of a newer mapper goes back to its queue, a second later",
    Event.FAREWELL_OVER: "a worker that was asked to stop gives back what it could not finish",
    Event.STOP_ASKED: "rescue has taken up a stop request; no chunk of the run starts any more",
    Event.RESCUED_RUN: "its message seemed lost, or its coordinator gone; it is sent again",
    Event.RESCUED_CHUNKS: "chunks whose message or worker is lost are sent again, or given up",
    Event.RESCUE_FAILED: "one part of a round of rescue went wrong; the next round tries again",
}

TROUBLES = frozenset(
    {
        Event.RUN_REFUSED,
        Event.RUN_ABANDONED,
        Event.RUN_TRIED_AGAIN,
        Event.MESSAGE_REFUSED,
        Event.RESCUED_RUN,
        Event.RESCUED_CHUNKS,
        Event.RESCUE_FAILED,
        Event.CHUNK_GIVEN_BACK,
        Event.CHUNK_FAILED,
        Event.CHUNK_LOST,
        Event.BEAT_MISSED,
        Event.LEASE_KEPT,
        Event.MOMENT_LOST,
        Event.SPOOL_KEPT,
        Event.MESSAGE_UNSENT,
    }
)
