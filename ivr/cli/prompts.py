"""`ivr prompts`: recorded prompts, from the sheet that a speaker reads to the clips that the line plays.

Exit codes: 0 as hoped, 1 something is missing or should be recorded again, 2 the command line or a file is wrong.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.options import DIRECTORY, FLOW, FOLDER, JSON, OUTPUT

if TYPE_CHECKING:
    from ivr.line.languages import Catalogue, Language
    from ivr.operations.recordings.importing import Import
    from ivr.operations.recordings.script import ScriptLine

LANGUAGE = click.option("--language", "code", required=True, help="Code of the language: the name of its folder.")
_MOST_SHOWN = 20  # clips that are named one by one


@click.group()
def prompts() -> None:
    """Recorded prompts in place of the voice of a machine.

    \b
    Examples:
      ivr prompts script flows/own.yaml --language nb -o script.html
      ivr prompts import sounds/ flows/own.yaml --language nb
      ivr prompts check flows/own.yaml

    \b
    Exit codes:
      0    as hoped
      1    something is missing, or should be recorded again
      2    the command line or a file is wrong
    """


@prompts.command()
@FLOW
@LANGUAGE
@DIRECTORY
@OUTPUT
@JSON
def script(flow: Path, code: str, folder: Path, output: Path | None, as_json: bool) -> None:
    """Write the sheet that a speaker reads: each clip with its text, its place in the call and how to say it.

    A page to print, or a table where FILE ends in .csv. The first column is the name under which the sound is to be
    saved.

    \b
    Examples:
      ivr prompts script flows/own.yaml --language nb -o script.html
      ivr prompts script --language en -o script.csv

    \b
    Exit codes:
      0    written
      2    the command line or a file is wrong
    """
    from dataclasses import asdict

    from ivr.cli.files import write
    from ivr.cli.options import echo_json
    from ivr.operations.recordings.script import as_csv, as_html

    language, readings, meaning = _script(flow, code, folder)
    if as_json:
        echo_json([asdict(each) for each in readings])
    elif output is not None and output.suffix == ".csv":
        write(output, as_csv(readings, meaning))
    else:
        write(output, as_html(readings, f"{language.name}: what to record", meaning))


@prompts.command("import")
@click.argument("sounds", type=FOLDER)
@FLOW
@LANGUAGE
@DIRECTORY
@click.option("--anyway", is_flag=True, help="Take sounds with complaints about level, noise or length too.")
@JSON
def take(sounds: Path, flow: Path, code: str, folder: Path, anyway: bool, as_json: bool) -> None:  # noqa: PLR0913, PLR0917
    """Take the sounds of the folder SOUNDS over into the language beside FLOW.

    Reads WAV, FLAC, OGG and MP3; the names are those of `ivr prompts script`. Silence at both ends is cut, and what is
    kept is what a telephone carries: one channel, 8000 samples a second, 16 bits. Nothing is written as long as a file
    is unknown or unreadable, clipped, too quiet, too loud, noisy, or of another length than its text.

    \b
    Examples:
      ivr prompts import sounds/ flows/own.yaml --language nb
      ivr prompts import sounds/ flows/own.yaml --language nb --anyway

    \b
    Exit codes:
      0    taken over
      1    a sound is no good; nothing was written
      2    the command line or a file is wrong
    """
    from ivr.cli.options import echo_json
    from ivr.line.languages import languages_beside
    from ivr.operations.recordings.importing import read_folder, write_clips
    from ivr.proof.check.speech import spoken_seconds

    language, readings, _ = _script(flow, code, folder)
    found = read_folder(
        sounds, readings, lambda text: spoken_seconds(text, language.pace), lambda file: _progress(file, as_json)
    )
    is_good = found.is_good or (anyway and not (found.unknown or found.unread))
    if is_good and found.taken:
        write_clips(languages_beside(flow) / code, language, found.taken)
    if as_json:
        echo_json(_as_json(found, written=is_good))
    else:
        _tell(found, written=is_good)
    if not (is_good and found.taken):
        raise SystemExit(1)


@prompts.command()
@FLOW
@DIRECTORY
@JSON
def check(flow: Path, folder: Path, as_json: bool) -> None:
    """Say of each language how many of its clips are recorded, and which are missing.

    \b
    Examples:
      ivr prompts check flows/own.yaml
      ivr prompts check flows/own.yaml --json

    \b
    Exit codes:
      0    each language is recorded whole, or spoken whole by its voice
      1    a language is recorded in part
      2    the command line or a file is wrong
    """
    from ivr.cli.options import echo_json
    from ivr.operations.recordings.script import script as read

    catalogue, line, directory = _load(flow, folder)
    rows: list[dict[str, Any]] = []
    for code, language in {**catalogue.languages, **catalogue.unfinished}.items():
        readings = read(catalogue, line, directory, language)
        missing = [each.clip for each in readings if not each.recorded]
        rows.append({"language": code, "voice": language.voice, "clips": len(readings), "missing": missing})
        rows[-1]["offered"] = code in line.languages
    if as_json:
        echo_json(rows)
    else:
        for row in rows:
            click.echo(_counted(row))
    if any(0 < len(row["missing"]) < row["clips"] for row in rows):
        raise SystemExit(1)


def _counted(row: dict[str, Any]) -> str:
    from ivr.base.short_list import short_list

    recorded, missing = row["clips"] - len(row["missing"]), row["missing"]
    spoken = f"; the rest is spoken by {row['voice']}" if missing and row["voice"] else ""
    spoken += "" if row["offered"] else "; no caller is offered it"
    line = f"{row['language']}: {recorded} of {row['clips']} clips are recorded{spoken}"
    if not recorded or not missing:
        return line
    return f"{line}\n  missing: {short_list(missing, _MOST_SHOWN)}"


def _load(flow: Path, folder: Path) -> tuple["Catalogue", Any, Any]:
    from ivr.cli.files import must_be_readable
    from ivr.line.directory import load_directory
    from ivr.line.flow.loader import load_flow
    from ivr.line.languages import languages_beside, load_prompts

    must_be_readable([flow])
    catalogue = load_prompts(languages_beside(flow))
    return catalogue, load_flow(flow, catalogue, texting=True), load_directory(folder)


def _script(flow: Path, code: str, folder: Path) -> tuple["Language", tuple["ScriptLine", ...], str]:
    """The language, its clips, and the name of the language that its texts are in, if that is another one."""
    from ivr.base.ids import LanguageCode
    from ivr.operations.recordings.script import script as read

    catalogue, line, directory = _load(flow, folder)
    language = catalogue.language(LanguageCode(code))
    if language is None:
        known = ", ".join((*catalogue.languages, *catalogue.unfinished))
        raise click.UsageError(f"the flow has no language {code!r}; it has {known}")
    meaning = catalogue.languages[language.meaning].name if language.meaning else ""
    return language, read(catalogue, line, directory, language), meaning


def _progress(file: Path, as_json: bool) -> None:
    if not as_json:
        click.echo(f"reading {file.name}", err=True)


def _tell(found: "Import", *, written: bool) -> None:
    for each in found.taken:
        for problem in each.problems:
            click.echo(f"{each.file.name}: {problem}")
    for file in found.unknown:
        click.echo(f"{file.name}: no clip is called so; `ivr prompts script` has the names")
    for file, problem in found.unread:
        click.echo(f"{file.name}: {problem}")
    if not found.taken:
        click.echo("no sound of the script is in this folder; nothing was written")
    elif written:
        seconds = sum(each.sound.seconds for each in found.taken)
        click.echo(f"{len(found.taken)} clips taken over, {seconds:.0f} s; now run `ivr check`")
    else:
        click.echo("nothing was written; mend these files, or take them with --anyway where it is offered")


def _as_json(found: "Import", *, written: bool) -> dict[str, Any]:
    return {
        "written": written,
        "clips": [
            {
                "clip": each.reading.clip,
                "file": each.file.name,
                "seconds": round(each.sound.seconds, 3),
                "level": round(each.sound.level, 1),
                "noise": round(each.sound.noise, 1),
                "problems": list(each.problems),
            }
            for each in found.taken
        ],
        "unknown": [file.name for file in found.unknown],
        "unread": [{"file": file.name, "problem": problem} for file, problem in found.unread],
    }
