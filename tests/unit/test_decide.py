"""Whether a run is cut, by the job's word first, then the environment's."""

from __future__ import annotations

import pytest

from mapper_tasks.model.job import ParallelConfig
from mapper_tasks.model.run import Estimate
from mapper_tasks.planning.decide import (
    AUTO_LEAST,
    AUTO_MOST,
    ParallelDefaults,
    automatic_size,
    reason_for_chunks,
    reason_for_one_chunk,
    settle,
)


def settled(defaults=None, **config):
    return settle(ParallelConfig(**config), ParallelDefaults(**(defaults or {})))


def test_the_job_has_the_first_word_and_the_environment_the_second():
    environment = {"enable_parallel": True, "max_workers": 3, "chunk_size": 7}

    job = settled(environment, enable_parallel=False, max_workers=2, chunk_size="auto")
    silent = settled(environment)

    assert (job.enabled, job.max_workers, job.chunk_size) == (False, 2, "auto")
    assert (silent.enabled, silent.max_workers, silent.chunk_size) == (True, 3, 7)
    assert silent.min_rows == 100_000


def test_a_job_may_ask_to_be_cut_however_few_its_rows():
    assert settled({"min_rows_for_parallel": 9}, min_rows_for_parallel=0).min_rows == 0


@pytest.mark.parametrize(
    ("config", "rows", "word"),
    [
        ({"enable_parallel": False}, 10**9, "enable_parallel"),
        ({"enable_parallel": True}, 99_999, "min_rows_for_parallel, 100000"),
        ({"enable_parallel": True}, 100_000, None),
        ({"enable_parallel": True, "min_rows_for_parallel": 0}, 0, None),
    ],
)
def test_a_run_is_cut_when_it_is_enabled_and_large_enough(config, rows, word):
    reason = reason_for_one_chunk(settled(**config), Estimate(rows, "exact"))

    assert reason is None if word is None else word in reason


def test_the_reason_says_how_many_rows_and_how_that_is_known():
    reason = reason_for_chunks(Estimate(120, "statistics"), 3, 50, "cut by hand")

    assert reason == "3 chunks: 120 rows (statistics) in slices of about 50 rows, cut by hand"
    assert reason_for_chunks(Estimate(9, "exact"), 1, 50, "").startswith("one chunk: 9 rows")


@pytest.mark.parametrize(
    ("row_bytes", "rows", "workers", "size"),
    [
        (100, 10**7, None, 125_829),
        (100, 10**7, 2, 125_829),
        (1, 10**9, None, AUTO_MOST),
        (10**6, 10**6, None, AUTO_LEAST),
        (100, 400_000, 4, 25_000),
        (100, 1_000, 4, AUTO_LEAST),
        (0, 10**9, None, AUTO_MOST),
    ],
)
def test_automatic_chunks_suit_bytes_and_workers(row_bytes, rows, workers, size):
    assert automatic_size(row_bytes, rows, workers) == size
