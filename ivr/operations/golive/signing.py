"""The signature under a line: the checklist with who, when, which versions, and a summary of what was found.

The gate of the profile live reads this file at the first start (`ivr/line/service/live_gate.py`).
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ivr.base import strict_yaml
from ivr.base.errors import DefinitionError, SettingsError
from ivr.line.service.checklist import NAMES, VERSIONS, read_checklist, too_old_on, wrong_on
from ivr.operations.golive.readiness import LineFolder, Readiness

_HEAD = """\
# Signed with `ivr golive`. It is about these two versions alone: sign again after a change of directory or flow.

"""


def sign(folder: LineFolder, found: Readiness, name: str, today: date) -> None:
    """Write the checklist with a signature. Raises SettingsError, with every reason, and changes nothing, if directory,
    numbers or flow are not sound, or if the work that is signed is not filled in or in the wrong order."""
    if not found.is_sound():
        raise SettingsError(["nothing was signed: directory, numbers and flow come first"])
    values = dict(_filled_in(folder.checklist))
    values |= {"signed_by": name, "signed_on": str(today)}
    values |= dict(zip(VERSIONS, found.versions, strict=True)) | {"summary": summary(found)}
    text = _HEAD + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    part = folder.checklist.with_name(f".{folder.checklist.name}.part")
    try:
        part.write_text(text, "utf-8")
        read, problems = read_checklist(part)
        if read is not None:
            problems = [*wrong_on(read, today), *too_old_on(read, today)]
        if problems:
            raise SettingsError(["nothing was signed", *problems])
        part.replace(folder.checklist)
    finally:
        part.unlink(missing_ok=True)


def summary(found: Readiness) -> str:
    """What was found of the line, in a line."""
    days = [item.centre.number_provenance.last_verified for item in found.items]
    verified = sorted(day for day in days if day is not None)
    between = f", verified from {verified[0]} to {verified[-1]}" if verified else ""
    places = sum(len(item.municipalities) for item in found.items)
    return f"{len(found.items)} centres{between}; {places} municipalities; flow proved at {found.proved} moments"


def _filled_in(checklist: Path) -> Mapping[str, str]:
    """What is filled in by hand, in the order of the names."""
    try:
        read = strict_yaml.load_file(checklist)
    except DefinitionError as error:
        raise SettingsError(["nothing was signed", str(error)]) from None
    values = read if isinstance(read, strict_yaml.Mapping) else strict_yaml.Mapping()
    return {name: str(values[name]) for name in NAMES if name in values}  # type: ignore[index]
