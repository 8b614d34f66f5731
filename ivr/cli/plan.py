"""`ivr plan`: what happens to the nation's callers if a centre closes, a menu grows, operators are added."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import FROM, JSON, TO, say_line

if TYPE_CHECKING:
    from datetime import datetime

    from ivr.line.directory import Directory
    from ivr.planner.build import Builder
    from ivr.planner.plan_file import Question
    from ivr.planner.run import Where
    from ivr.planner.scene import PlannedScene

_WORDS = ("template", "counts")
_USUAL_SPEED = 100_000  # callers that one core plays in a second
_PLACES = 364  # about: of the bundled directory


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--operators", is_flag=True, help="How many operators each centre lacks, hour by hour of the week.")
@click.option("--sweep", is_flag=True, help="Run every plan of the files' grids, and print a line for each.")
@click.option("--replications", type=click.IntRange(1, 1000), help="Runs of each plan  [default: the file's, else 5]")
@click.option("--seed", type=click.IntRange(0, 2**32), help="The same seed, the same answer  [default: the file's]")
@click.option("--processes", type=click.IntRange(1, 256), help="That play the runs  [default: one for each core]")
@click.option("--scheduler", metavar="ADDRESS", default="", help="A Dask scheduler whose workers play the runs.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), help="Write the answer as a page to this file."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it as JSON to this file, too.")
@click.option("--replay", type=click.IntRange(1, 100_000), help="Play so many of its calls again through the service.")
@click.option("--progress/--no-progress", default=None, help="On standard error  [default: where that is a terminal]")
@FROM
@TO
@JSON
def plan(files: tuple[Path, ...], **options: Any) -> None:
    """What a plan does to the nation's callers; without FILE: how it is today.

    FILE is a plan (docs/planner.md). `ivr plan template` prints one to begin with; `ivr plan counts`
    prints the calls of the records (DATABASE_URL; --from, --to) as a CSV file that a plan can name.
    The flow and the directory are those of IVR_FLOW and IVR_DIRECTORY, else the bundled ones.

    \b
    Examples:
      ivr plan template > close.yaml
      ivr plan close.yaml --page close.html

    \b
    Exit codes:
      0    the plan was played
      1    a call that was played again rang another centre, or at another
           second
      2    the command line, a file or a setting is wrong
    """
    if len(files) == 1 and str(files[0]) in _WORDS:
        _print_word(str(files[0]), options["first"], options["last"])
        return
    _say_numpy()
    say_line()
    questions = _questions(files, sweep=options["sweep"], options=options)
    _check(questions, options)
    results = _answers(questions, options)
    _print(results, options)


def _print_word(word: str, first: "datetime | None", last: "datetime | None") -> None:
    if word == "template":
        from ivr.planner import template

        click.echo(template.TEXT, nl=False)
        return
    from ivr.cli.records import period, reading
    from ivr.operations.records.counted import HEAD, counted_calls

    with reading() as engine, engine.connect() as connection:
        found = counted_calls(connection, period(first, last))
    click.echo("\n".join((HEAD, *found.rows)))
    if found.left_out:
        click.echo(f"{found.left_out} calls are left out: of no centre, or too few of a day to be counted", err=True)


def _say_numpy() -> None:
    """Raises ModuleNotFoundError before a file is read, so that the message is about the extra."""
    import numpy  # noqa: F401


def _questions(files: tuple[Path, ...], *, sweep: bool, options: dict[str, Any]) -> "list[Question]":
    from dataclasses import replace

    from ivr.base.clock import SystemClock
    from ivr.cli.files import named_as_given
    from ivr.planner.plan_file import Question, read_plan, read_sweep, today

    year = SystemClock().now().year
    found: list[Question] = []
    for file in files:
        with named_as_given(file):
            found += read_sweep(file, _lines(), year) if sweep else [read_plan(file, _lines(), year)]
    if not files:
        found = [Question(today(year), today(year))]
    chosen = {name: options[name] for name in ("replications", "seed") if options[name] is not None}
    return [Question(replace(each.plan, **chosen), replace(each.base, **chosen)) for each in found]


def _lines() -> Any:
    from ivr.line.directory import load_directory
    from ivr.line.service.settings import line_files
    from ivr.planner.plan_file import Lines

    settings = line_files(os.environ)
    loaded: dict[Path | None, Directory] = {}

    def load(folder: Path | None) -> "Directory":
        if folder not in loaded:
            loaded[folder] = load_directory(folder or settings.directory)
        return loaded[folder]

    return Lines(load)


def _check(questions: "list[Question]", options: dict[str, Any]) -> None:
    if len(questions) > 1 and (options["page"] or options["replay"] or options["operators"]):
        raise click.UsageError("--page, --replay and --operators are for one plan")
    if not questions:
        raise click.UsageError("the sweep has no plan")


def _callers(questions: "list[Question]") -> int:
    """About how many callers all runs have."""
    return round(sum(_of_runs(each) for each in questions))


def _of_runs(question: "Question") -> float:
    plan_ = question.plan
    days = (plan_.period.last - plan_.period.first).days + 1
    calls = sum(row.calls for row in plan_.counted.rows) if plan_.counted else plan_.calls * days / 365
    return calls * plan_.replications * (1 if plan_.is_today else 2)


def _where(options: dict[str, Any]) -> "Where":
    from ivr.planner.run import Where

    return Where(options["processes"] or os.cpu_count() or 1, options["scheduler"])


def _builder() -> "Builder":
    from ivr.line.service.settings import line_files
    from ivr.planner.build import Builder
    from ivr.planner.journey_cache import Store

    try:
        cache: Path | None = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ivr" / "journeys"
    except RuntimeError:  # a user without a home
        cache = None
    return Builder(line_files(os.environ), Store(cache))


def _answers(questions: "list[Question]", options: dict[str, Any]) -> list[dict[str, Any]]:
    from ivr.planner.answer import answer
    from ivr.planner.run import Run, run_all

    builder, where = _builder(), _where(options)
    places = _scenes(builder, questions, options["progress"])
    wanted = {id(scene): (scene, each.plan) for each, both in zip(questions, places, strict=True) for scene in both}
    runs = [Run(scene, each.seed, number) for scene, each in wanted.values() for number in range(each.replications)]
    with _progress("callers", _callers(questions), options["progress"], where) as told:
        tallies = dict(zip([(id(run.scene), run.replication) for run in runs], run_all(runs, where, told), strict=True))
    found = []
    for each, both in zip(questions, places, strict=True):
        sides = tuple([tallies[id(scene), number] for number in range(each.plan.replications)] for scene in both)
        directory = builder.service(each.plan).directory
        found.append(answer(each.plan, each.base, both, (sides[0], sides[1]), directory))
        if options["operators"]:
            from ivr.planner.operators import by_hour

            found[-1]["operators_by_hour"] = by_hour(both[1], directory)
        if options["replay"]:
            from ivr.planner.replay import replay

            found[-1]["replayed"] = replay(builder.service(each.plan), both[1], each.plan, options["replay"])
    return found


def _scenes(
    builder: "Builder", questions: "list[Question]", shown: bool | None
) -> "list[tuple[PlannedScene, PlannedScene]]":
    """Base and plan of each question; one that several share is made once."""
    bases: dict[str, PlannedScene] = {}
    found = []
    for number, each in enumerate(questions, 1):
        key = repr(each.base)
        with _progress(f"places, plan {number} of {len(questions)}: journeys", _PLACES, shown, None) as told:
            if key not in bases:
                bases[key] = builder.scene(each.base, progress=told)
            base = bases[key]
            found.append((base, base if each.plan.is_today else builder.scene(each.plan, each.base, told)))
    return found


@contextmanager
def _progress(what: str, total: int, shown: bool | None, where: "Where | None") -> Iterator[Any]:
    """How much was played, and about how long the rest takes. `where`: what plays callers; an estimate comes first."""
    if not (sys.stderr.isatty() if shown is None else shown):
        yield lambda _: None
        return
    from ivr.cli.progress import Progress

    if where is not None:
        seconds, who = total / _USUAL_SPEED / where.processes, where.scheduler or f"{where.processes} processes"
        click.echo(f"{total} callers: about {seconds:.0f} s in {who}", err=True)
    progress = Progress(what, total, estimates=where is not None)
    try:
        yield progress
    finally:
        progress.close()


def _print(results: list[dict[str, Any]], options: dict[str, Any]) -> None:
    from ivr.cli.files import write
    from ivr.planner import answer_text

    found: Any = results[0] if len(results) == 1 else results
    if options["output"]:
        write(options["output"], _json(found))
    if options["page"]:
        from ivr.planner.page import page

        write(options["page"], page(results[0]))
    if options["as_json"]:
        click.echo(_json(found), nl=False)
    elif len(results) > 1:
        click.echo("\n".join(answer_text.sweep(results)))
    elif options["operators"]:
        from ivr.planner.operators import lines

        click.echo("\n".join(lines(results[0]["operators_by_hour"])))
    else:
        click.echo("\n".join(answer_text.lines(results[0])))
    replayed = results[0].get("replayed")
    if replayed and not options["as_json"]:
        click.echo(
            f"{replayed['same']} of {replayed['played']} calls, played again, rang the same centres at the same second"
        )
    if replayed and replayed["same"] < replayed["played"]:
        raise SystemExit(1)


def _json(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
