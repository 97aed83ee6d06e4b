"""The `mapper` command and the list of its commands."""

from __future__ import annotations

from importlib import import_module

import click

# In the order a newcomer meets them. Each is a module of its name, loaded when it is asked for.
NAMES = (
    "demo",
    "init",
    "schema",
    "plan",
    "run",
    "status",
    "errors",
    "replay",
    "stop",
    "resume",
    "verify",
    "report",
)


class ByName(click.Group):
    """Loads a command when it is asked for: `mapper status` does not wait for Celery."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(NAMES)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in NAMES:
            return None
        command: click.Command = getattr(import_module(f"mapper_tasks.cli.{name}"), name)
        return command


@click.group(cls=ByName, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mapper-tasks", prog_name="mapper")
def main() -> None:
    """Load warehouse tables with Slowly Changing Dimensions, in parallel, and trust the result.

    \b
    See it work, with servers of its own:    mapper demo
    Load a table without any server:         mapper run JOB --local
    Load it with all the workers there are:  mapper init, then mapper run JOB

    JOB is a YAML or JSON file, or - for standard input; `mapper schema` tells all it may hold.

    Exit codes: 0 done, 1 the run failed, 2 wrong usage or a bad job, 3 stopped.
    """
