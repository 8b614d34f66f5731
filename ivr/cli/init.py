"""`ivr init`: a folder with everything that a line of one's own is made of, copied out of this installation."""

import shutil
import tempfile
from pathlib import Path

import click

from ivr.cli.options import JSON, echo_json
from ivr.cli.settings_file import say_practice, serve_with

# What lies where: the folder of this installation, and its name in the new one.
_PARTS = {"flow": "call_flows", "directory": "municipalities", "scenarios": "scenarios", "deploy": "deploy"}
_ABOUT = {
    "flow": "the conversation, legevakt.yaml, and its words in languages/",
    "directory": "places, centres and numbers, to be replaced by verified ones",
    "scenarios": "calls to play against the line",
    "deploy": "samples for systemd, nginx and Caddy",
    "checklist.yaml": "what an operator signs before the line serves people",
    "environment": "the settings; secrets do not belong into a repository",
}
_FILES = ("checklist.yaml", "environment")  # of the samples, at the top of the new folder


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@JSON
def init(folder: Path, as_json: bool) -> None:
    """Make FOLDER, with a flow, prompts, directory, scenarios, checklist and deployment samples of your own.

    The files are those of this installation. FOLDER must not exist, or must be empty: nothing is overwritten.

    \b
    Example:
      ivr init my-line

    \b
    Exit codes:
      0    the folder is there
      2    the folder exists and is not empty, or cannot be written
    """
    from ivr.cli.files import must_be_new

    must_be_new(folder)
    _make(folder.absolute())
    following, settings = f"ivr golive {folder}", folder / "environment"
    if as_json:
        made = {"folder": str(folder.absolute()), "parts": list(_ABOUT)}
        echo_json({**made, "next": following, "practice": serve_with(settings)})
        return
    click.echo(f"{folder} is made:")
    for name, about in _ABOUT.items():
        click.echo(f"  {name:15} {about}")
    click.echo(f"Next: {following}    (what is missing before this line may serve people)")
    say_practice(settings)


def _make(folder: Path) -> None:
    """All of it under another name first, so that no half of it is left when something fails."""
    from ivr.base.bundled import bundled

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        made = Path(temporary) / "line"
        made.mkdir()
        for name, source in _PARTS.items():
            shutil.copytree(bundled(source), made / name)
        for name in _FILES:
            sample = made / "deploy" / f"{name}.sample"
            (made / name).write_text(sample.read_text("utf-8").replace("FOLDER", str(folder)), "utf-8")
            sample.unlink()
        made.replace(folder)
