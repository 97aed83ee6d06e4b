"""The ledger: the DMS_ tables and every statement on them. Nobody else spells a DMS_ column."""

from mapper_tasks.ledger.claims import MAX_ATTEMPTS, MAX_WORKERS_LOST, Beat
from mapper_tasks.ledger.ledger import Ledger
from mapper_tasks.ledger.progress import Progress
from mapper_tasks.ledger.rescue import Overdue

__all__ = ["MAX_ATTEMPTS", "MAX_WORKERS_LOST", "Beat", "Ledger", "Overdue", "Progress"]
