"""`ivr directory`: look places and centres up, count what is known, check a folder of files.

Every number is shown with its status and date, never as current. Must not dial, nor know flows or calls.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ivr.cli.directory_calendar import calendar
from ivr.cli.directory_changes import confirmed, diff, import_files, verify
from ivr.cli.directory_counts import STATUS_COLOURS, counts
from ivr.cli.directory_extract import extract
from ivr.cli.directory_todo import template, todo
from ivr.cli.options import DIRECTORY, JSON, echo_json

if TYPE_CHECKING:
    from datetime import datetime

    from ivr.line.directory import Centre, Directory, Place
    from ivr.line.directory.search_box import SearchResult

_NOTICE = "Practice data. In Norway call 116 117; if life is in danger, 113. We have not dialled any of these numbers."


@click.group()
def directory() -> None:
    """Look up places and centres, count sourced, synthetic and assumed numbers, import new facts.

    \b
    Examples:
      ivr directory search Bergen
      ivr directory import new.csv --directory my/directory --dry-run

    \b
    Exit codes:
      0    success
      1    nothing was found, or the files have errors
      2    the command line or a file is wrong
    """


for _command in (todo, template, extract, calendar, counts, import_files, diff, verify, confirmed):
    directory.add_command(_command)


@directory.command()
@click.argument("text")
@click.option("--spoken", is_flag=True, help="The places that a caller may mean who says TEXT, a name or a sentence.")
@DIRECTORY
@JSON
def search(text: str, spoken: bool, folder: Path, as_json: bool) -> None:
    """Find places and centres by a name or part of a name, an id, a current or old code, or a part of a number.

    \b
    Examples:
      ivr directory search Osterøy
      ivr directory search 5556 --json
      ivr directory search --spoken "jeg er i Bø i Telemark"

    \b
    Exit codes:
      0    something was found
      1    nothing was found
      2    the command line or the directory is wrong
    """
    from ivr.base.clock import SystemClock
    from ivr.line.directory import load_directory

    at = SystemClock().now()
    found = load_directory(folder, today=at.date())
    result = _spoken(found, text) if spoken else _searched(found, text)
    places = [_place(found, "search", place, at) for place in result.places]
    centres = [_centre(found, centre) for centre in result.centres]
    if not (places or centres):
        why = (
            "sounds like no place, or like more than three"
            if spoken
            else "no place, code, centre or number contains this"
        )
        raise click.ClickException(f"{text}: {why}")
    if as_json:
        echo_json({"places": places, "centres": centres})
        return
    for place in places:
        answering = place["answering"]
        click.echo(f"{place['key']}  {place['name']}, answered by {answering['spoken']} [{answering['id']}]")
    for centre in centres:
        click.echo(f"[{centre['id']}]  {centre['spoken']}, {centre['number']}  {centre['said']}")
    click.echo(_NOTICE)


def _searched(found: "Directory", text: str) -> "SearchResult":
    from ivr.line.directory.search_box import search as look_up

    return look_up(found, text)


def _spoken(found: "Directory", text: str) -> "SearchResult":
    from ivr.line.directory.search_box import SearchResult
    from ivr.line.directory.spoken_names import SpokenNames

    return SearchResult(SpokenNames(found).heard(text).places, ())


@directory.command()
@click.argument("digits", metavar="CODE_OR_POSTCODE_OR_8_DIGITS")
@click.option("--at", "moment", metavar="YYYY-MM-DDTHH:MM", show_default="now", help="Oslo time.")
@DIRECTORY
@JSON
def show(digits: str, moment: str | None, folder: Path, as_json: bool) -> None:
    """Show who answers for a municipality number or a postcode, or which centre has a telephone number.

    Four digits may be a municipality and also a postcode elsewhere. Then both are shown.

    \b
    Examples:
      ivr directory show 4601
      ivr directory show "55 56 87 00" --at 2026-12-24T23:30

    \b
    Exit codes:
      0    found
      1    nothing has this number
      2    the command line or the directory is wrong
    """
    from ivr.base.ids import CentreNumber
    from ivr.line.directory import load_directory

    at = _moment(moment)
    found = load_directory(folder, today=at.date())
    digits = digits.replace(" ", "").removeprefix("+47")
    centre = found.by_number(CentreNumber(digits))
    if centre is not None:
        result: dict[str, Any] = {"at": at.isoformat(), "centre": _centre(found, centre)}
    else:
        meanings = _meanings(found, digits)
        if not meanings:
            message = f"{digits}: no municipality (in use or old), no postcode and no centre's number"
            hint = "" if digits.isdigit() else "; names are found by `ivr directory search`"
            raise click.ClickException(message + hint)
        places = [_place(found, how, place, at) | _duty(found, place, at) for how, place in meanings]
        result = {"at": at.isoformat(), "places": places}
    if as_json:
        echo_json(result)
        return
    for place in result.get("places", ()):
        _echo_place(place)
    if "centre" in result:
        _echo_centre(result["centre"])
    click.echo(_NOTICE)


def _moment(text: str | None) -> "datetime":
    from datetime import datetime

    from ivr.base.clock import OSLO, SystemClock

    if text is None:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a moment like 2026-03-01T02:30", param_hint="--at") from None
    return at.replace(tzinfo=OSLO) if at.tzinfo is None else at.astimezone(OSLO)


def _meanings(found: "Directory", digits: str) -> list[tuple[str, "Place"]]:
    from ivr.base.ids import MunicipalityNumber, Postcode

    in_use = digits in found.municipalities or digits in found.areas
    how = "municipality number" if in_use else "old municipality number"
    meanings = [(how, place) for place in found.by_municipality(MunicipalityNumber(digits))]
    postcode = found.by_postcode(Postcode(digits))
    return meanings + ([("postcode", postcode)] if postcode else [])


def _place(found: "Directory", how: str, place: "Place", at: "datetime") -> dict[str, Any]:
    answer = found.answering(place, at)
    municipality = found.place(place)
    county = found.counties.get(municipality.county)
    return {
        "asked_as": how,
        "key": place.key,
        "name": municipality.spoken,
        "postal_place": found.postal_place(place),
        "county": county.name if county else None,
        "answering": _centre(found, answer.centre),
        "alternative": answer.alternative.id if answer.alternative else None,
        "treatment": [
            {"clinic": t.clinic, "when": t.when, "note": t.note, "source": t.provenance.source}
            for t in found.treatments(place)
        ],
    }


def _duty(found: "Directory", place: "Place", at: "datetime") -> dict[str, Any]:
    """The usual week, why this centre answers at the moment, and until when."""
    from ivr.line.directory.roster import reason, week

    table, until = found.timetable(place, at.date()), found.answers_until(place, at)
    return {
        "week": [
            {"when": when, "centre": centre, "spoken": found.centres[centre].spoken}
            for when, centre in week(table, at.date())
        ],
        "because": reason(table, at.date(), at.hour * 60 + at.minute) or None,
        "until": until.isoformat(timespec="minutes") if until else None,
    }


def _centre(found: "Directory", centre: "Centre") -> dict[str, Any]:
    number, structure = centre.number_provenance, centre.structure_provenance
    verified = number.last_verified
    return {
        "id": centre.id,
        "name": centre.name,
        "spoken": centre.spoken,
        "number": centre.number.national,
        "status": centre.status.value,
        "said": _said(centre),
        "source": number.source,
        "date": number.date,
        "confidence": number.confidence,
        "last_verified": verified.isoformat() if verified else None,
        "verified_by": number.verified_by,
        "structure": {
            "source": structure.source,
            "date": structure.date,
            "confidence": structure.confidence,
        },
        "backups": [backup.id for backup in found.backups(centre)],
        "note": centre.note,
    }


def _said(centre: "Centre") -> str:
    """What a number is worth, in words."""
    from ivr.line.directory import NumberStatus

    provenance = centre.number_provenance
    if centre.status is NumberStatus.SYNTHETIC:
        return "synthetic: the centre is known, its number is not; this stand-in reaches nobody"
    if centre.status is NumberStatus.ASSUMED:
        return "assumed: no centre is known here; this stand-in reaches nobody"
    when = provenance.date or "an unknown date"
    if provenance.last_verified is None:
        return f"sourced: copied from a page dated {when}, not verified; confidence {provenance.confidence}"
    verified = f"last verified on {provenance.last_verified} by {provenance.verified_by}"
    return f"sourced: copied from a page dated {when}, {verified}"


def _echo_place(place: dict[str, Any]) -> None:
    where = ", ".join(filter(None, (place["postal_place"], place["county"])))
    head = f"{place['name']} ({place['key']}, found as {place['asked_as']})"
    click.secho(head + (f": {where}" if where else ""), bold=True)
    _echo_centre(place["answering"])
    if len(place["week"]) > 1:
        lines = [f"{line['when']} {line['spoken']} [{line['centre']}]" for line in place["week"]]
        click.echo(f"  week: {'; '.join(lines)}")
    if place["because"]:
        click.echo(f"  answers now by: {place['because']}")
    if place["until"]:
        click.echo(f"  answers until: {place['until'].replace('T', ' ')}")
    if place["alternative"]:
        click.echo(f"  round the clock: {place['alternative']}")
    for treatment in place["treatment"]:
        details = "; ".join(filter(None, (treatment["when"], treatment["note"])))
        click.echo(f"  treated at: {treatment['clinic']}" + (f" ({details})" if details else ""))


def _echo_centre(centre: dict[str, Any]) -> None:
    digits = centre["number"]
    pairs = " ".join(digits[i : i + 2] for i in range(0, 8, 2))
    click.echo(f"  {centre['spoken']} [{centre['id']}]: {centre['name']}")
    click.echo(f"  {pairs}  {click.style(centre['said'], fg=STATUS_COLOURS[centre['status']])}")
    click.echo(f"  number from: {centre['source']}")
    structure = centre["structure"]
    since = f", {structure['date']}" if structure["date"] else ""
    click.echo(f"  coverage from: {structure['source']}{since} (confidence {structure['confidence']})")
    click.echo(f"  if nobody answers: {', '.join(centre['backups']) or 'nobody'}")
    if centre["note"]:
        click.echo(f"  note: {centre['note']}")


@directory.command()
@DIRECTORY
@JSON
def check(folder: Path, as_json: bool) -> None:
    """Check all files of a directory. Each complaint is one line.

    \b
    Example:
      ivr directory check --directory my/directory

    \b
    Exit codes:
      0    no errors
      1    errors were found
      2    the command line is wrong or a file cannot be read
    """
    from ivr.base.clock import SystemClock
    from ivr.base.errors import DefinitionError
    from ivr.cli.files import inside, must_be_readable
    from ivr.line.directory import load_directory

    must_be_readable(inside(folder, "*.csv"))
    try:
        found = load_directory(folder, today=SystemClock().now().date())
    except DefinitionError as error:
        if as_json:
            echo_json({"sound": False, "complaints": [vars(complaint) for complaint in error.complaints]})
        else:
            click.echo(str(error))
        raise SystemExit(1) from None
    if as_json:
        echo_json({"sound": True, "complaints": []})
        return
    click.echo(f"sound: {len(found.municipalities)} municipalities, {len(found.centres)} centres ({found.version})")


@directory.command(name="list")
@DIRECTORY
@JSON
def list_centres(folder: Path, as_json: bool) -> None:
    """List all centres: id, number, status, date, spoken name.

    \b
    Examples:
      ivr directory list
      ivr directory list --json

    \b
    Exit codes:
      0    listed
      2    the command line or the directory is wrong
    """
    from ivr.line.directory import load_directory

    found = load_directory(folder)
    if as_json:
        echo_json([_centre(found, centre) for centre in found.centres.values()])
        return
    for centre in found.centres.values():
        status = click.style(f"{centre.status:9}", fg=STATUS_COLOURS[centre.status])
        date = centre.number_provenance.date.partition(" (")[0] or "-"
        click.echo(f"{centre.id:22} {centre.number.national}  {status}  {date:28}  {centre.spoken}")
    click.echo(_NOTICE)
