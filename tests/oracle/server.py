"""A running Oracle: schemas of their own for the tests, with the rights that the docs grant."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DatabaseError

PAGE = Path(__file__).parents[2] / "docs" / "databases.md"
GOODBYE_SECONDS = 30  # sessions that have logged off are there a little longer
_RIGHTS = re.compile(r"<!-- oracle rights -->\n```sql\n(.*?)```", re.DOTALL)
_TABLESPACE = (
    "SELECT property_value FROM database_properties "
    "WHERE property_name = 'DEFAULT_PERMANENT_TABLESPACE'"
)
_DROP_TABLES = """BEGIN
  FOR one IN (SELECT table_name FROM user_tables) LOOP
    EXECUTE IMMEDIATE 'DROP TABLE "' || one.table_name || '" CASCADE CONSTRAINTS PURGE';
  END LOOP;
END;"""


def rights(login):
    """The statements of docs/databases.md, for one login that reads and loads its own tables."""
    lines = _RIGHTS.search(PAGE.read_text(encoding="utf-8"))[1].splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    told = [" ".join(one.split()) for one in text.split(";") if one.strip()]
    named = [re.sub(r"\b(?:loader|reader)$", login, one) for one in told]
    return [one for one in named if " ON sales." not in one]


class OracleServer:
    """A server by the URL of a login that may make users, and grant DBMS_FLASHBACK."""

    def __init__(self, url):
        self.address = make_url(url)
        self.administrator = create_engine(self.address, isolation_level="AUTOCOMMIT")

    @contextmanager
    def fresh_schema(self):
        """The URL of a user with an empty schema, who is dropped afterwards."""
        name, password = f"MAPPER_{uuid4().hex[:12].upper()}", f"P{uuid4().hex[:20]}"
        with self.administrator.connect() as connection:
            space = connection.exec_driver_sql(_TABLESPACE).scalar_one()
            connection.exec_driver_sql(
                f'CREATE USER {name} IDENTIFIED BY "{password}" QUOTA UNLIMITED ON {space}'
            )
        try:
            with self.administrator.connect() as connection:
                for statement in rights(name):
                    connection.exec_driver_sql(statement)
            its = self.address.set(username=name.lower(), password=password)
            url = its.difference_update_query(["mode"])
            yield url.render_as_string(hide_password=False)
        finally:
            self._drop(name)

    def _drop(self, name):
        end = time.monotonic() + GOODBYE_SECONDS
        while True:
            try:
                with self.administrator.connect() as connection:
                    connection.exec_driver_sql(f"DROP USER {name} CASCADE")
                    return
            except DatabaseError as fault:
                if "ORA-01940" not in str(fault) or time.monotonic() > end:
                    raise
            time.sleep(0.5)

    def close(self):
        self.administrator.dispose()


def empty(database):
    """Drop every table of the schema."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(_DROP_TABLES)
