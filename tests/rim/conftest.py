"""A shop, its workers' environment, and a client beside them: one of each a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from mapper_tasks import MapperClient
from tests.rim.brake import Brake
from tests.rim.shop import ROWS, VALUE, Shop


@pytest.fixture(scope="module")
def shop(postgres, broker, broker_numbers) -> Iterator[Shop]:
    number = next(broker_numbers)
    broker.flush(number)
    broker_url = broker.url_of(number)
    with postgres.fresh_database() as url, postgres.fresh_database() as ledger_url:
        engine, ledger = create_engine(url), create_engine(ledger_url)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "CREATE TABLE customers AS SELECT n AS id, "
                    f"'{VALUE} ' || n AS name, 'city ' || n % 7 AS city "
                    f"FROM generate_series(1, {ROWS}) n"
                )
            )
            connection.execute(text("ALTER TABLE customers ADD PRIMARY KEY (id)"))
        environment = {
            "MAPPER_BROKER_URL": broker_url,
            "MAPPER_METADATA_URL": ledger_url,
            "MAPPER_CONNECTIONS__SHOP": url,
        }
        yield Shop(engine, ledger, environment, broker_url, [url, ledger_url, broker_url])
        engine.dispose()
        ledger.dispose()


@pytest.fixture(scope="module")
def brake(shop) -> Brake:
    return Brake(shop)


@pytest.fixture(scope="module")
def client(shop) -> Iterator[MapperClient]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in shop.environment.items():
            patch.setenv(name, value)
        with MapperClient() as client:
            client._site.ledger.upgrade()
            yield client
