"""Where the flow is tested: real databases, and lists of what was told, slept and sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mapper_tasks.dialects import Database
from mapper_tasks.flow.site import Post, Site
from mapper_tasks.model.job import Job


@dataclass
class Place:
    site: Site
    post: Post
    databases: dict[str, Database]
    told: list[tuple[str, dict[str, Any]]]
    slept: list[float]
    sent: list[tuple[Any, ...]]

    def fill(self, rows: int) -> None:
        with self.databases["source"].writing() as writer:
            writer.exec_driver_sql("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
            for number in range(1, rows + 1):
                writer.exec_driver_sql("INSERT INTO person VALUES (?, ?)", (number, f"n{number}"))

    def job(self, **parallel: Any) -> Job:
        return Job.read(
            {
                "mapref": "PERSON",
                "source": {"connection": "source", "table": "person"},
                "target": {
                    "connection": "target",
                    "table": "dim_person",
                    "business_key": ["id"],
                    "columns": {"id": "id", "name": "name"},
                    "create": True,
                },
                "parallel_config": parallel,
            }
        )

    def parallel_job(self, chunk_size: int, **parallel: Any) -> Job:
        return self.job(
            enable_parallel=True, min_rows_for_parallel=0, chunk_size=chunk_size, **parallel
        )

    def loaded(self) -> list[tuple[Any, ...]]:
        with self.databases["target"].reading() as reader:
            found = reader.exec_driver_sql("SELECT id, name FROM dim_person ORDER BY id")
            return [tuple(row) for row in found]

    def events(self) -> list[str]:
        return [str(event) for event, _ in self.told]
