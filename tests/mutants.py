"""What the last run of mutmut left alive, as a page: `python -m tests.mutants > docs/mutants.md`.

Reads the folder `mutants` that `make mutate` leaves behind. A mutant whose tests never end counts as killed, one that
no test runs through does not.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.diff_apply import get_diff_for_mutant

RESULTS = Path("mutants")
PARTS = ("line/flow", "line/calls", "line/twilio", "line/directory")
VERDICTS = {0: "survived", 1: "killed", 3: "killed", 5: "no test", 33: "no test"} | dict.fromkeys(
    (24, 36, 152, 255, -24), "timeout"
)
HEAD = """\
# Mutation testing

`make mutate` changes the code that every call goes through in every way that mutmut knows, one change at a time, and
runs the tests that come through it. What no test notices is listed below. Written by `python -m tests.mutants`.

| `ivr/` | mutants | killed | of them by never ending | survived | no test | share killed |
|---|---:|---:|---:|---:|---:|---:|"""


class Mutant(NamedTuple):
    part: str
    file: Path
    name: str
    verdict: str


def mutants() -> Iterator[Mutant]:
    for part in PARTS:
        for meta in sorted((RESULTS / "ivr" / part).rglob("*.meta")):
            file = meta.relative_to(RESULTS).with_suffix("")
            for name, code in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items():
                yield Mutant(part, file, name, VERDICTS.get(code, "not run"))


def figures(part: str, found: list[Mutant]) -> str:
    count = Counter(mutant.verdict for mutant in found)
    killed = count["killed"] + count["timeout"]
    numbers = (len(found), killed, count["timeout"], count["survived"], count["no test"] + count["not run"])
    return f"| {part} | {' | '.join(map(str, numbers))} | {killed / len(found):.1%} |"


def change(mutant: Mutant) -> str:
    """The lines that differ, before and after."""
    lines = get_diff_for_mutant(mutant.name, path=mutant.file).splitlines()
    changed = [line for line in lines if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")]
    before, after = (" ".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
    return f"`` {before} `` → `` {after} ``"


def page() -> Iterator[str]:
    found = list(mutants())
    yield HEAD
    for part in PARTS:
        yield figures(part, [mutant for mutant in found if mutant.part == part])
    yield figures("all", found)
    left = [mutant for mutant in found if mutant.verdict not in ("killed", "timeout")]
    for file in dict.fromkeys(mutant.file for mutant in left):
        yield f"\n## {file.as_posix()}\n"
        for mutant in (mutant for mutant in left if mutant.file == file):
            untested = "" if mutant.verdict == "survived" else f" ({mutant.verdict})"
            yield f"- {change(mutant)}{untested}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(page()) + "\n")
