"""Workers that stay for a module, and can be told to leave the chunks alone for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mapper_tasks.demo.servers import WorkerNode


@dataclass(frozen=True)
class Team:
    """A worker for coordinators and callbacks, and one for chunks."""

    app: Any
    control: WorkerNode
    chunks: WorkerNode

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Within the block nobody of the team takes a chunk."""
        only = {"destination": [self.chunks.name], "reply": True, "timeout": 10}
        assert self.app.control.cancel_consumer("chunks", **only)
        try:
            yield
        finally:
            assert self.app.control.add_consumer("chunks", **only)
