"""What a session of a target promises to whoever comes after it."""

from __future__ import annotations

from mapper_tasks.dialects import open_database


def test_postgresql_asks_whether_a_silent_client_is_alive(pg_url):
    database = open_database("target", pg_url)
    try:
        with database.writing() as writer:
            shown = [
                writer.exec_driver_sql(f"SHOW tcp_keepalives_{name}").scalar()
                for name in ("idle", "interval", "count")
            ]
    finally:
        database.close()
    assert shown == ["15", "5", "3"]
