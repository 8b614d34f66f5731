"""What an operator signs before a live line starts for the first time: read from a file, and judged on a day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.errors import DefinitionError
from ivr.base.strict_yaml import Mapping, Text

NAMES = ("clinical_owner", "directory_verified_on", "fallback_tested_on", "signed_by", "signed_on")
VERSIONS = ("directory_version", "flow_version")
MOST_AGE = timedelta(days=365)
_PLACEHOLDER = re.compile(
    r"(name of|navn på|your|ditt|example|eksempel|to ?do|tbd|fill in|fyll inn|n/?a$|none$)"
    r"(\b|$)|(unknown|ukjent|some(one|body)|noen|who|hvem|test|x+)$",
    re.IGNORECASE,
)
# A role, a form's label, or a name that stands for any person.
_NOBODY = re.compile(
    r"(the |den )?((responsible|ansvarlige?|clinical|klinisk|medical|medisinsk|line|first|last) )*"
    r"(name|navn|signature|signatur|owner|eier|clinician|kliniker|operator|operatør|doctor|physician|(over)?lege|nurse|"
    r"sykepleier|leder|leader|manager|admin(istrator)?|person)"
    r"|n\.? ?n\.?|(not|ikke|ingen|see|se) .*|(fornavn|first ?name) .*|navn navnesen|(ola|kari) nordmann|(john|jane) doe"
    r"|\w \w",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Checklist:
    """`dates`: by their names in the file. `directory`, `flow`: the versions that it is about, "" if it names none."""

    dates: tuple[tuple[str, date], ...]
    directory: str
    flow: str


def read_checklist(path: Path) -> tuple[Checklist | None, list[str]]:
    """The checklist, or every reason why it is none."""
    values, problems = _values(path)
    if problems:
        return None, problems
    dates = {}
    for name in NAMES:
        value = values.get(Text(name))
        if not isinstance(value, Text) or not value.strip():
            problems.append(f"{name} is not filled in")
        elif name.endswith("_on"):
            found = _date(value)
            if found is None:
                problems.append(f"line {value.line}: {name} must be a date such as 2026-01-31")
            else:
                dates[name] = found
        elif not _is_name(value):
            problems.append(f"line {value.line}: {name} is {str(value)!r}, a placeholder: write the person's name")
    signed_on = dates.get("signed_on")
    late = [name for name, on in dates.items() if signed_on is not None and on > signed_on]
    problems += [
        f"signed_on is {signed_on}, before {name} ({dates[name]}): sign after the work is done" for name in late
    ]
    directory, flow = (str(values.get(Text(name)) or "").strip() for name in VERSIONS)
    return (None if problems else Checklist(tuple(dates.items()), directory, flow)), problems


def dates_filled_in(path: Path) -> Checklist:
    """The dates that can be read, however much is missing beside them."""
    values, _ = _values(path)
    texts = {name: values.get(Text(name)) for name in NAMES if name.endswith("_on")}
    read = {name: _date(text) for name, text in texts.items() if isinstance(text, Text)}
    return Checklist(tuple((name, day) for name, day in read.items() if day is not None), "", "")


def wrong_on(checklist: Checklist, today: date) -> list[str]:
    """Dates that have not been yet."""
    return [f"{name} is {on}, which is after {today}" for name, on in checklist.dates if on > today]


def too_old_on(checklist: Checklist, today: date) -> list[str]:
    """Dates that held once and have passed."""
    return [f"{name} is {on}, more than 12 months ago" for name, on in checklist.dates if today - on > MOST_AGE]


def of_others(checklist: Checklist, directory: str, flow: str) -> list[str]:
    """Versions that it is about and that are not loaded: `directory` and `flow` are."""
    named = {"directory_version": (checklist.directory, directory), "flow_version": (checklist.flow, flow)}
    return [
        f"{name} is {of or 'not filled in'}, and {loaded} is loaded: check it and sign again"
        for name, (of, loaded) in named.items()
        if of != loaded
    ]


def _values(path: Path) -> tuple[Mapping, list[str]]:
    """What the file says, and why it cannot be read."""
    try:
        read = strict_yaml.load_file(path)
    except DefinitionError as error:
        return Mapping(), [str(error)]
    return read if isinstance(read, Mapping) else Mapping(), []


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def _is_name(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    words = " ".join(text.split())
    return letters >= 2 and text[0] not in "<[{(" and not (_PLACEHOLDER.match(words) or _NOBODY.fullmatch(words))
