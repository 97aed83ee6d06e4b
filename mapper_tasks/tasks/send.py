"""Messages as they are sent: names and numbers only, and a line by which people know them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from celery import Celery, Signature, chord

from mapper_tasks.flow.events import Event
from mapper_tasks.flow.site import Post
from mapper_tasks.tasks.messages import FORM, FORM_HEADER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from celery import Task
    from celery.exceptions import Retry

    from mapper_tasks.model.run import Run

EXECUTE = "mapper.execute_mapper_job"
PROCESS = "mapper.process_mapper_chunk"
FINALIZE = "mapper.finalize_mapper_job"
FINALIZE_AFTER_ERROR = "mapper.finalize_after_chord_error"

Chunks = Sequence[tuple[int, str]]

REVOKED_AT_ONCE = 500  # a worker is deaf while it looks each of them up


def send_execute(app: Celery, mapref: str, prcid: int, **options: Any) -> None:
    """Ask for a coordinator. Raises kombu's OperationalError when the broker does not answer."""
    line = f"{mapref} run {prcid}"
    _signature(app, EXECUTE, line, {"prcid": prcid}, ignore_result=True).apply_async(**options)


def send_finalize(app: Celery, mapref: str, prcid: int, **options: Any) -> None:
    line = f"{mapref} run {prcid}"
    _signature(app, FINALIZE, line, {"prcid": prcid}, ignore_result=True).apply_async(**options)


def post_of(app: Celery, tell: Callable[..., None]) -> Post:
    """What a run may ask of Celery. What the broker does not take is told: the ledger knows it."""

    def execute(run: Run) -> None:
        with _unsent(run.prcid, tell):
            send_execute(app, run.job.mapref, run.prcid)

    def send_chord(run: Run, chunks: Chunks) -> None:
        with _unsent(run.prcid, tell):
            _chord(app, run, chunks).apply_async()

    def send_chunks(run: Run, chunks: Chunks) -> None:
        with _unsent(run.prcid, tell):
            for chunk_no, task_id in chunks:
                # No result: whoever sends it would have to listen for it.
                _chunk(app, run, chunk_no, task_id).set(ignore_result=True).apply_async()

    def finalize(run: Run) -> None:
        with _unsent(run.prcid, tell):
            send_finalize(app, run.job.mapref, run.prcid, retry=False)

    def revoke(run: Run, task_ids: Sequence[str]) -> None:
        with _unsent(run.prcid, tell):
            for start in range(0, len(task_ids), REVOKED_AT_ONCE):
                app.control.revoke(list(task_ids[start : start + REVOKED_AT_ONCE]))

    return Post(execute, send_chord, send_chunks, finalize, revoke, lambda: _waiting(app))


def send_again(task: Task, prcid: int, seconds: float, tell: Callable[..., None]) -> None:
    """Have the message that is worked on come again, as itself: its chord goes on counting on it.

    Raises Celery's Retry. Where the broker does not take it, the ledger knows when it is overdue.
    """
    shown = {"argsrepr": "", "kwargsrepr": task.request.kwargsrepr or ""}
    retry: Retry | None = None
    with _unsent(prcid, tell):
        # Whether it is tried too often is the ledger's decision.
        often = task.request.retries + 1
        retry = task.retry(countdown=seconds, max_retries=often, throw=False, **shown)
    if retry is not None:
        raise retry


def _waiting(app: Celery) -> int | None:
    """The chunks that lie in their queue; None: the broker does not answer."""
    queue = app.conf.task_routes[PROCESS]["queue"]
    with app.connection_for_read() as connection:
        try:
            connection.ensure_connection(max_retries=1)
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
        except connection.channel_errors:
            return 0  # an empty queue may be none
        except Exception:  # noqa: BLE001  # whatever the transport raises
            return None


def _chord(app: Celery, run: Run, chunks: Chunks) -> Any:
    line = f"{run.job.mapref} run {run.prcid}"
    facts = {"prcid": run.prcid}
    callback = _signature(app, FINALIZE, line, facts)
    callback.link_error(_signature(app, FINALIZE_AFTER_ERROR, line, facts))
    return chord([_chunk(app, run, *chunk) for chunk in chunks], callback, app=app)


def _chunk(app: Celery, run: Run, chunk_no: int, task_id: str) -> Signature:
    line = f"{run.job.mapref} run {run.prcid} chunk {chunk_no} of {run.chunks}"
    facts = {"prcid": run.prcid, "chunk_no": chunk_no}
    return _signature(app, PROCESS, line, facts, task_id=task_id)


def _signature(
    app: Celery, task: str, line: str, facts: dict[str, int], **options: Any
) -> Signature:
    """Immutable: no task gets another's result. Flower shows `line` for the arguments."""
    shown = {"argsrepr": "", "kwargsrepr": line, "headers": {FORM_HEADER: FORM}}
    return app.signature(task, kwargs=facts, options={**shown, **options}, immutable=True)


@contextmanager
def _unsent(prcid: int, tell: Callable[..., None]) -> Iterator[None]:
    try:
        yield
    except Exception as fault:  # noqa: BLE001  # broker and result backend raise what they like
        tell(Event.MESSAGE_UNSENT, prcid=prcid, fault=type(fault).__name__)
