"""What a person sees: the `mapper` command, one file for each of its commands."""

from mapper_tasks.cli.commands import main

__all__ = ["main"]
