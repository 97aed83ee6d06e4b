"""Whether a run is worth cutting into chunks, and the sentence that says why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mapper_tasks.model.job import ParallelConfig
    from mapper_tasks.model.run import Estimate

AUTO_TARGET_BYTES = 12 * 1024 * 1024
AUTO_LEAST, AUTO_MOST = 5_000, 200_000
CHUNKS_PER_WORKER = 4  # so that a slow chunk at the end keeps few workers waiting


@dataclass(frozen=True, slots=True)
class ParallelDefaults:
    """What holds where a job's `parallel_config` leaves something out."""

    enable_parallel: bool = False
    max_workers: int | None = None
    chunk_size: int | Literal["auto"] = 50_000
    min_rows_for_parallel: int = 100_000


@dataclass(frozen=True, slots=True)
class Parallel:
    """A job's `parallel_config` with every gap filled."""

    enabled: bool
    max_workers: int | None
    chunk_size: int | Literal["auto"]
    min_rows: int


def settle(config: ParallelConfig, defaults: ParallelDefaults) -> Parallel:
    """The job's word where it has one, else the default's."""
    own, least = config.enable_parallel, config.min_rows_for_parallel
    return Parallel(
        enabled=defaults.enable_parallel if own is None else own,
        max_workers=config.max_workers or defaults.max_workers,
        chunk_size=config.chunk_size or defaults.chunk_size,
        min_rows=defaults.min_rows_for_parallel if least is None else least,
    )


def reason_for_one_chunk(parallel: Parallel, estimate: Estimate) -> str | None:
    """Why the coordinator does the work itself; None: it is worth cutting."""
    if not parallel.enabled:
        return "one chunk: enable_parallel is false"
    if estimate.rows < parallel.min_rows:
        return (
            f"one chunk: {_rows(estimate)} are fewer than "
            f"min_rows_for_parallel, {parallel.min_rows}"
        )
    return None


def reason_for_chunks(estimate: Estimate, chunks: int, size: int, cut_by: str) -> str:
    """Why the run is as it was cut, once it is."""
    if chunks == 1:
        return f"one chunk: {_rows(estimate)} make no second slice of about {size} rows"
    return f"{chunks} chunks: {_rows(estimate)} in slices of about {size} rows, {cut_by}"


def automatic_size(row_bytes: float, rows: int, workers: int | None) -> int:
    """Rows a chunk for `chunk_size: auto`: about 12 MB, and enough chunks for every worker.

    >>> automatic_size(120, 10_000_000, 2)
    104857
    >>> automatic_size(120, 200_000, 2)
    25000
    """
    by_bytes = int(AUTO_TARGET_BYTES / max(row_bytes, 1))
    by_workers = -(-rows // (CHUNKS_PER_WORKER * workers)) if workers else AUTO_MOST
    return max(AUTO_LEAST, min(by_bytes, by_workers, AUTO_MOST))


def _rows(estimate: Estimate) -> str:
    return f"{estimate.rows} rows ({estimate.how})"
