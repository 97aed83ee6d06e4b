"""`mapper schema`: the whole job spec as a JSON schema."""

from __future__ import annotations

import json

import click
from rich.syntax import Syntax

from mapper_tasks.cli.frame import Command, Face
from mapper_tasks.model.job import Job


@click.command(cls=Command)
@click.pass_obj
def schema(face: Face) -> None:
    """Print the JSON schema of a job.

    \b
    It tells every field, its type and its default; an editor completes job files with it:
      mapper schema > job.schema.json
      # first line of a job file:
      # yaml-language-server: $schema=job.schema.json
    """
    data = Job.model_json_schema()
    if face.json or not face.out.is_terminal:
        click.echo(json.dumps(data, indent=None if face.json else 2))
    else:
        face.out.print(Syntax(json.dumps(data, indent=2), "json", background_color="default"))
