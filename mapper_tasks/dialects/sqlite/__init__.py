"""SQLite 3.35 and later, through the standard library."""
