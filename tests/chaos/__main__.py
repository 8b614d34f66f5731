"""python -m tests.chaos: the fault suite, `make chaos`. docs/chaos.md says what it is.

Exit 0 when every promise held, 1 otherwise.
"""

from pathlib import Path

import click

from tests.chaos.faults import FAULTS
from tests.chaos.report import complaints, line, markdown, put, total
from tests.chaos.run import Result, run_faults


@click.command()
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="write a report there, as Markdown; between its marks if it has them",
)
@click.option("--history", type=click.Path(file_okay=False, path_type=Path), help="keep the histories in this folder")
@click.option("--only", default="", help="these faults, e.g. F6,F9; all otherwise")
@click.option("--seed", default=0, show_default=True, help="who calls and what they do")
@click.option("--scale", default=1.0, show_default=True, help="of the numbers of calls")
def main(report: Path | None, history: Path | None, only: str, seed: int, scale: float) -> None:
    """Break the real service in every way of docs/chaos.md while the simulator calls it."""
    wanted = set(filter(None, only.split(",")))
    if unknown := wanted - {fault.id for fault in FAULTS}:
        raise click.UsageError(f"no such fault: {', '.join(sorted(unknown))}")
    chosen = [fault for fault in FAULTS if not wanted or fault.id in wanted]
    results = run_faults(chosen, seed=seed, scale=scale, histories=history, done=_tell)
    click.echo(total(results))
    if report is not None:
        text = report.read_text("utf-8") if report.exists() else ""
        report.write_text(put(text, markdown(results, seed)), "utf-8")
    raise SystemExit(0 if all(each.good for each in results) else 1)


def _tell(result: Result) -> None:
    click.echo(line(result))
    for each in complaints(result):
        click.echo(f"       {each}")


if __name__ == "__main__":
    main()
