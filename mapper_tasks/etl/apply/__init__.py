"""From staged rows to versions, set by set, inside the target's transaction."""

from mapper_tasks.etl.apply.apply import Applied, apply

__all__ = ["Applied", "apply"]
