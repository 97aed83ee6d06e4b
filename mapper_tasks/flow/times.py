"""How long everybody is waited for. All of it in one place, because each depends on the others."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds. A dead worker's chunk is sent again after `claim` + `sweep` at the latest.

    `claim`: how long a claim lives without a beat. `beat`: between beats; several fit into a
    claim. `look`: between looks whether a stop was asked for. `sweep`: between rounds of rescue.
    `grace`: how long a message may be under way before it counts as lost; doubled each time it is
    sent again, and longer by `waiting` for every message before it. `busy`: between tries of a
    run that waits for its target. `lease`: how long a target's lease lives without a renewal.
    `farewell`: how long the chunks of a worker that was asked to stop may go on.
    """

    claim: float = 30.0
    beat: float = 10.0
    look: float = 0.5
    sweep: float = 10.0
    grace: float = 30.0
    waiting: float = 10.0
    busy: float = 5.0
    lease: float = 120.0
    farewell: float = 60.0

    def paced(self, factor: float) -> Times:
        """All times by a factor, for tests; a look stays as it is."""
        scaled = {one.name: getattr(self, one.name) * factor for one in fields(self)}
        return Times(**{**scaled, "look": self.look})
