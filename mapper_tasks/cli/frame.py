"""What every command has: `--json`, `--debug`, faults said in words, and the exit code."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TextIO

import click
from rich.console import Console, RenderableType
from sqlalchemy.exc import DBAPIError

from mapper_tasks.model.errors import (
    BadSetting,
    DatabaseUnreachable,
    JobError,
    LedgerOutdated,
    MapperError,
    NothingToReplay,
    PlanError,
    RunAlive,
    RunOver,
    StatementFailed,
    UnknownRun,
    UnsupportedDatabase,
)

WIDTH_OF_A_FILE = 120
ASKED_WRONGLY = (
    JobError,
    PlanError,
    BadSetting,
    UnknownRun,
    RunOver,
    RunAlive,
    NothingToReplay,
    LedgerOutdated,
    UnsupportedDatabase,
)


class Exit(IntEnum):
    """What the exit code tells a script."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STOPPED = 3
    INTERRUPTED = 130  # the shell's own number for Ctrl-C; a run of the workers goes on


@dataclass(frozen=True)
class Face:
    """Where a command shows things: results on stdout, all else on stderr."""

    json: bool
    out: Console
    err: Console

    @classmethod
    def here(cls, *, as_json: bool) -> Face:
        return cls(as_json, _console(sys.stdout), _console(sys.stderr))

    def show(self, data: Any, *shown: RenderableType) -> None:
        """The result: `data` on one line for scripts, else what a person reads."""
        if self.json:
            click.echo(json.dumps(data, default=str))
        else:
            for part in shown:
                self.out.print(part)

    def say(self, words: str) -> None:
        """A remark to the person at the terminal, kept out of the result."""
        self.err.print(words, markup=False, highlight=False, soft_wrap=True)

    def say_fault(self, fault: MapperError) -> None:
        self.err.print(f"[bold red]{fault.code}[/]", end=" ")
        self.err.print(fault.message, markup=False, highlight=False, soft_wrap=True)
        if fault.remedy:
            self.err.print("  mend:", end=" ", style="bold")
            self.err.print(fault.remedy, markup=False, highlight=False, soft_wrap=True)


class Command(click.Command):
    """A command of mapper. Its function gets a Face first, and its faults never a traceback."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [
            click.Option(["--json", "as_json"], is_flag=True, help="Print JSON, for scripts."),
            click.Option(["--debug"], is_flag=True, help="Show the traceback of an error."),
        ]

    def invoke(self, ctx: click.Context) -> Any:
        face = ctx.obj = Face.here(as_json=ctx.params.pop("as_json"))
        debug = ctx.params.pop("debug")
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            face.say("\nEnded by Ctrl-C.")
            ctx.exit(Exit.INTERRUPTED)
        except Exception as fault:  # noqa: BLE001 - the rim: a person is told in words
            if debug:
                traceback.print_exc()
            ctx.exit(self._refuse(face, named_fault(fault)))

    def _refuse(self, face: Face, fault: MapperError) -> Exit:
        face.say_fault(fault)
        if face.json:
            click.echo(json.dumps(self.fault_as_json(fault)))
        return exit_code_of(fault)

    def fault_as_json(self, fault: MapperError) -> dict[str, Any]:
        """What `--json` prints in place of a result."""
        told = {"code": fault.code, "message": fault.message, "mend": fault.remedy}
        return {"error": told}


def named_fault(fault: Exception) -> MapperError:
    """The fault with a code, a cause and a mend, whatever raised it."""
    if isinstance(fault, MapperError):
        return fault
    if isinstance(fault, DBAPIError):
        said = str(fault.orig).strip().partition("\n")[0]
        # Without a statement it was the connection itself that failed.
        return DatabaseUnreachable(said) if fault.statement is None else StatementFailed(said)
    said = f"unexpected {type(fault).__name__}: {fault}"
    return MapperError(said, mend="the same command with --debug shows where it happened")


def exit_code_of(fault: MapperError) -> Exit:
    return Exit.USAGE if isinstance(fault, ASKED_WRONGLY) else Exit.FAILED


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else WIDTH_OF_A_FILE
    return Console(file=stream, width=width)
