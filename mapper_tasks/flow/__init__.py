"""A run as functions in reading order: submit, execute, process, finalize. Knows no Celery."""
