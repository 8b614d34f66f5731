"""The gate of the profile `live`: what a first start is refused for, and what never takes a running line away.

A verification or a checklist that was in force once and has run out since is no reason not to start again, or not to
reload: the line goes on, and says loudly what has run out. What was in force is remembered by its content, in a file of
the state folder; what was never in force there is judged as at a first start.
"""

import hashlib
import logging
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ivr.base.errors import SettingsError
from ivr.base.short_list import short_list
from ivr.base.whole_file import write_whole
from ivr.line.directory import Centre, Directory, live_complaints
from ivr.line.directory.standing import NumberStanding, number_standing
from ivr.line.service.checklist import Checklist, of_others, too_old_on, wrong_on
from ivr.line.service.settings import Settings

_log = logging.getLogger("ivr.live")


def must_be_fit(settings: Settings, directory: Directory, flow: str, today: date, *, running: bool = False) -> None:
    """`flow`: the version that is loaded. `running`: this process serves already, and goes on with what it has where
    nothing can be remembered. Raises SettingsError."""
    known = _remembered(settings)
    stale = [c for c in directory.centres.values() if number_standing(c, today) is NumberStanding.STALE]
    new = [c for c in stale if known is None or _verification(c) not in known]
    reasons = live_complaints(directory, today, stale=() if running and known is None else new)
    if reasons:
        reasons.insert(0, "the profile live needs every number sourced and verified within 12 months:")
    wrong, passed = _checklist(settings.checklist, today, directory.version, flow, known, running=running)
    if reasons or wrong:
        raise SettingsError([*reasons, *(f"IVR_CHECKLIST: {each}" for each in wrong)])
    if stale:
        _log.error(
            "this live line goes on; a first start would be refused: %s numbers were verified over 12 months ago: %s",
            len(stale),
            short_list((centre.id for centre in stale), 5),
        )
    for each in passed:
        _log.error(
            "this live line goes on; a first start with this checklist would be refused: IVR_CHECKLIST: %s", each
        )
    _remember(settings, known or set(), {*map(_verification, directory.centres.values()), _signed(settings.checklist)})


def _checklist(  # noqa: PLR0913 - what it is about, and what is known of it
    checklist: Checklist | None, today: date, directory: str, flow: str, known: set[str] | None, *, running: bool
) -> tuple[list[str], list[str]]:
    """What refuses the start, and what is said though the line goes on."""
    if checklist is None:
        return ["there is none"], []
    wrong, old = wrong_on(checklist, today), too_old_on(checklist, today)
    others = of_others(checklist, directory, flow)
    if running if known is None else _signed(checklist) in known:
        return wrong, old + others
    if known is None:
        return wrong + old + others, []
    return wrong + old, others  # a change of the files on a live line: nobody goes without a line for a signature


def _verification(centre: Centre) -> str:
    known = centre.number_provenance
    return _digest("number", centre.id, centre.number.national, str(known.last_verified))


def _signed(checklist: Checklist | None) -> str:
    return _digest("checklist", repr(checklist))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _file(settings: Settings) -> Path | None:
    return settings.state / f"live-{_digest(settings.base_url, settings.account_sid)}" if settings.state else None


def _remembered(settings: Settings) -> set[str] | None:
    """What was in force on this line; None if it was never live here, or nobody can tell."""
    file = _file(settings)
    try:
        return set(file.read_text("utf-8").split()) if file else None
    except (OSError, UnicodeDecodeError):
        return None


def _remember(settings: Settings, known: set[str], found: Iterable[str]) -> None:
    file = _file(settings)
    new = known | set(found)
    if file is None or new == known:
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, "\n".join([*sorted(new), ""]).encode(), mode=0o600)
    except OSError as error:
        _log.warning("%s cannot be written (%s): the next start counts as the first", file, error.strerror)
