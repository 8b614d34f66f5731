"""What keeps a line from the profile live: numbers, flow, checklist, settings. Reads files; changes nothing.

It asks what the service asks at its first start, and counts the answers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from ivr.base.errors import DefinitionError, SettingsError
from ivr.line.directory import Directory, load_directory
from ivr.line.directory.standing import NumberStanding, WorkItem, work_list
from ivr.line.flow.loader import load_flow
from ivr.line.languages import languages_beside, load_prompts
from ivr.line.service.checklist import Checklist, dates_filled_in, of_others, read_checklist, too_old_on, wrong_on
from ivr.line.service.expiries import WARN_DAYS, expiries
from ivr.line.service.settings import read_settings
from ivr.proof.check import Severity
from ivr.proof.check.run import Proof, ground_of, prove
from ivr.proof.check.suppress import file_beside, suppress


class Part(StrEnum):
    """What a line is made of, in the order in which it is put right."""

    DIRECTORY = "directory"
    NUMBERS = "numbers"
    FLOW = "flow"
    CHECKLIST = "checklist"
    SETTINGS = "settings"


KINDS = tuple(Part)
_OF_A_SAMPLE = re.compile(r"(^|\.)example(\.(com|net|org))?$")  # names that RFC 2606 keeps for samples


@dataclass(frozen=True)
class LineFolder:
    """A folder of `ivr init`."""

    path: Path

    @property
    def flow(self) -> Path:
        return self.path / "flow" / "legevakt.yaml"

    @property
    def directory(self) -> Path:
        return self.path / "directory"

    @property
    def checklist(self) -> Path:
        return self.path / "checklist.yaml"

    @property
    def environment(self) -> Path:
        return self.path / "environment"


@dataclass(frozen=True)
class Readiness:
    """`missing`: sentences, by part. `items`: every centre; () if the directory does not load. `versions`: of directory
    and flow, "" if they do not load. `proved`: how many moments the flow was proved at. `soon`: what runs out within
    60 days. `unread`: the languages whose texts no native speaker has read; nobody is kept from signing by that."""

    missing: Mapping[Part, tuple[str, ...]]
    items: tuple[WorkItem, ...]
    versions: tuple[str, str]
    checklist: Checklist | None
    proved: int
    soon: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(map(len, self.missing.values()))

    @property
    def is_ready(self) -> bool:
        return not self.count

    def is_sound(self) -> bool:
        """Whether directory, numbers and flow are: what a signature is about."""
        return not any(self.missing[part] for part in (Part.DIRECTORY, Part.NUMBERS, Part.FLOW))


def look(folder: LineFolder, environment: Mapping[str, str], now: datetime) -> Readiness:
    """`environment`: the settings of the line, as its service will have them."""
    today = now.date()
    missing: dict[Part, tuple[str, ...]] = dict.fromkeys(KINDS, ())
    directory, missing[Part.DIRECTORY] = _directory(folder, today)
    items = work_list(directory, now) if directory else ()
    missing[Part.NUMBERS] = tuple(_unfit(item) for item in items if not item.standing.is_fit)
    flow, proof, missing[Part.FLOW] = _flow(folder, directory, environment, now)
    versions = (directory.version if directory else "", flow)
    checklist, missing[Part.CHECKLIST] = _checklist(folder, today, versions)
    missing[Part.SETTINGS] = _settings(folder, environment)
    soon = _soon(directory, checklist, today) if directory else ()
    return Readiness(missing, items, versions, checklist, proof.moments, soon, proof.unread)


def _directory(folder: LineFolder, today: date) -> tuple[Directory | None, tuple[str, ...]]:
    try:
        return load_directory(folder.directory, today=today), ()
    except DefinitionError as error:
        return None, tuple(map(str, error.complaints))


def _unfit(item: WorkItem) -> str:
    centre, known = item.centre, item.centre.number_provenance
    words = {
        NumberStanding.NO_CENTRE: "no centre is known, the stand-in reaches nobody",
        NumberStanding.NO_NUMBER: "the number is a stand-in that reaches nobody",
        NumberStanding.NEVER_VERIFIED: f"{centre.number.national} was never verified",
        NumberStanding.STALE: f"{centre.number.national} was verified on {known.last_verified}, over 12 months ago",
    }
    return f"{centre.spoken} [{centre.id}]: {words[item.standing]}"


def _flow(
    folder: LineFolder, directory: Directory | None, environment: Mapping[str, str], now: datetime
) -> tuple[str, Proof, tuple[str, ...]]:
    """Its version, its proof, and what is wrong with it."""
    nothing = Proof([])
    texting = bool(environment.get("IVR_TEXT_SENDER", "").strip())
    try:
        flow = load_flow(folder.flow, load_prompts(languages_beside(folder.flow)), texting=texting)
    except DefinitionError as error:
        return "", nothing, tuple(map(str, error.complaints))
    if directory is None:
        return flow.version, nothing, ("it can be proved when the directory loads",)
    proof = prove(folder.flow, ground_of(directory, now))
    findings = suppress(proof.findings, file_beside(folder.flow))
    return flow.version, proof, tuple(str(each) for each in findings if each.severity is Severity.ERROR)


def _checklist(folder: LineFolder, today: date, versions: tuple[str, str]) -> tuple[Checklist | None, tuple[str, ...]]:
    read, problems = read_checklist(folder.checklist)
    if read is None:
        dates = dates_filled_in(folder.checklist)
        return None, (*problems, *wrong_on(dates, today), *too_old_on(dates, today))
    return read, (*wrong_on(read, today), *too_old_on(read, today), *of_others(read, *versions))


def _soon(directory: Directory, checklist: Checklist | None, today: date) -> tuple[str, ...]:
    found = (each for each in expiries(directory, checklist) if today < each.day <= today + timedelta(max(WARN_DAYS)))
    return tuple(f"{each.kind} {each.what}: {(each.day - today).days} days left, until {each.day}" for each in found)


def _settings(folder: LineFolder, environment: Mapping[str, str]) -> tuple[str, ...]:
    """What `ivr serve` would say of them, but for the checklist; and files of another line that they name."""
    own = {"IVR_FLOW": folder.flow, "IVR_DIRECTORY": folder.directory, "IVR_CHECKLIST": folder.checklist}
    others = [
        f"{name} names {named}, and this folder has {file}"
        for name, file in own.items()
        if (named := environment.get(name, "").strip()) and Path(named).absolute() != file.absolute()
    ]
    if _OF_A_SAMPLE.search(urlsplit(environment.get("PUBLIC_BASE_URL", "")).hostname or ""):
        others.append("PUBLIC_BASE_URL is the one of the sample: write the address that Twilio asks")
    files = {name: str(file) for name, file in own.items() if file.exists()}
    try:
        read_settings({**environment, **files, "IVR_PROFILE": "live"})
    except SettingsError as error:
        others += [reason for reason in error.reasons if not reason.startswith("IVR_CHECKLIST")]
    return tuple(others)
