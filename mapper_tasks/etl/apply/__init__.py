"""From staged rows to versions, set by set, inside the target's transaction."""

from mapper_tasks.etl.apply.apply import Applied
from mapper_tasks.etl.apply.around import apply_around

__all__ = ["Applied", "apply_around"]
