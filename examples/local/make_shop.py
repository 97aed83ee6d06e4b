"""Makes shop.db to load from: `python make_shop.py`, and for the day after `make_shop.py 2`."""

import sqlite3
import sys

DAY_1 = [
    (1, "Ada Lovelace", "London", "gold"),
    (2, "Alan Turing", "Manchester", "silver"),
    (3, "Grace Hopper", "New York", "gold"),
    (4, "Edsger Dijkstra", "Eindhoven", "silver"),
]
DAY_2 = [
    (1, "Ada Lovelace", "London", "gold"),
    (2, "Alan Turing", "Wilmslow", "gold"),  # moved, and was promoted
    (3, "Grace Hopper", "Arlington", "gold"),  # moved
    (5, "Barbara Liskov", "Boston", "silver"),  # new; 4 has left
]


def main() -> None:
    day = sys.argv[1] if len(sys.argv) > 1 else "1"
    with sqlite3.connect("shop.db") as shop:
        shop.execute("DROP TABLE IF EXISTS customers")
        shop.execute(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT, level TEXT)"
        )
        shop.executemany(
            "INSERT INTO customers VALUES (?, ?, ?, ?)", DAY_2 if day == "2" else DAY_1
        )


if __name__ == "__main__":
    main()
