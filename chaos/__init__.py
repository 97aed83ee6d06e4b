"""Chaos: real workers, a real broker, a real database, and faults at random moments.

`./dev chaos` (python -m chaos). Every choice comes from the seed; when it strikes is up to the
machine.
"""
