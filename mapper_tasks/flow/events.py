"""What a run tells about itself while it goes: the events and when each is told."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """An event's word in the log. Its facts are numbers and names, never values of rows."""

    RUN_SUBMITTED = "run.submitted"
    RUN_PLANNED = "run.planned"
    RUN_REFUSED = "run.refused"
    RUN_ENDED = "run.ended"
    CHUNK_STARTED = "chunk.started"
    CHUNK_APPLIED = "chunk.applied"
    CHUNK_GIVEN_BACK = "chunk.given_back"
    CHUNK_FAILED = "chunk.failed"
    CHUNK_LOST = "chunk.lost"
    CHUNK_SKIPPED = "chunk.skipped"
    BEAT_MISSED = "beat.missed"
    LEASE_KEPT = "lease.kept"
    MESSAGE_UNSENT = "message.unsent"


TOLD_WHEN: dict[Event, str] = {
    Event.RUN_SUBMITTED: "the run is in the ledger",
    Event.RUN_PLANNED: "its plan is in the ledger",
    Event.RUN_REFUSED: "it could not be planned",
    Event.RUN_ENDED: "it has its final status",
    Event.CHUNK_STARTED: "this worker has claimed the chunk",
    Event.CHUNK_APPLIED: "its data and its marker are committed",
    Event.CHUNK_GIVEN_BACK: "a fault that passes by itself, or a stop, ended this attempt",
    Event.CHUNK_FAILED: "it cannot be applied, or was tried too often",
    Event.CHUNK_LOST: "another worker has taken over the claim",
    Event.CHUNK_SKIPPED: "there is nothing to do: it is done, claimed, or the run goes no further",
    Event.BEAT_MISSED: "the ledger could not be told that the claim is alive",
    Event.LEASE_KEPT: "the target's lease could not be released and will run out by itself",
    Event.MESSAGE_UNSENT: "the broker did not take a message; the ledger knows what is open",
}

TROUBLES = frozenset(
    {
        Event.RUN_REFUSED,
        Event.CHUNK_GIVEN_BACK,
        Event.CHUNK_FAILED,
        Event.CHUNK_LOST,
        Event.BEAT_MISSED,
        Event.LEASE_KEPT,
        Event.MESSAGE_UNSENT,
    }
)
