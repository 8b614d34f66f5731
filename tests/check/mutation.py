"""Damages the bundled flow at random and counts how many the checker sees: `python -m tests.check.mutation`.

The seed is fixed, so that two runs tell of the same damages. A damage that survives is printed: either a rule is
missing, or the flow is as good as before.
"""

import argparse
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.base.bundled import bundled
from ivr.base.errors import DefinitionError
from ivr.proof.check.checked_flow import Ground, Subject
from ivr.proof.check.run import findings_of, lay_ground, loading
from ivr.proof.check.table import RULES
from tests.check.damage import FLOW
from tests.conftest import EVENING

SEED = 116117
LINE = re.compile(r"^  [A-Z0-9_]+:", re.MULTILINE)

PROMPTS = ("languages/nb/prompts.yaml", "languages/en/prompts.yaml")


@dataclass(frozen=True)
class Damage:
    kind: str
    file: str
    what: str
    text: str


_ground: Ground

Kind = Callable[[random.Random, str, str], tuple[str, str] | None]


def _replaced(text: str, match: re.Match[str], new: str, group: int = 0) -> tuple[str, str]:
    start, end = match.span(group)
    line = text.count("\n", 0, start) + 1
    return text[:start] + new + text[end:], f"line {line}: {match[group].strip()[:60]!r} -> {new.strip()[:60]!r}"


def _pick(rng: random.Random, pattern: str, text: str) -> re.Match[str] | None:
    lines = text.splitlines()
    found = [
        match
        for match in re.finditer(pattern, text, re.MULTILINE)
        if not lines[text.count("\n", 0, match.start())].startswith("#")
    ]
    return rng.choice(found) if found else None


def _nodes(text: str) -> list[str]:
    return re.findall(r"^  ([a-z_]+):", text[text.index("\nnodes:") : text.index("\nwhisper:")], re.MULTILINE)


def retarget(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    """Lead a choice or another way of a node to another node."""
    fields = "next|found|unknown|star|elsewhere|connect|read|failed|ended|none_left|several|back|otherwise|abroad"
    match = _pick(rng, rf'(?:"[1-8]": (?:{{to: )?|^    (?:{fields}): )([a-z_]+)', text)
    if match is None or match[1] in ("nb", "en", "nn"):
        return None
    return _replaced(text, match, rng.choice([node for node in _nodes(text) if node != match[1]]), 1)


def drop_edge(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r', "[2-8]": (?:\{[^}]*\}|[a-z_]+)(?=\})', text)
    return _replaced(text, match, "") if match else None


def swap_keys(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r'"1": ([a-z_]+), "2": ([a-z_]+)', text)
    return _replaced(text, match, f'"1": {match[2]}, "2": {match[1]}') if match else None


def break_silence(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    """Take the last step off a ladder of silence, or repeat for ever."""
    match = _pick(rng, r"silence: \[([a-z_, ]+)\]", text)
    if match is None:
        return None
    steps = match[1].split(", ")
    shorter = [", ".join(steps[:-1]), "again"] if len(steps) > 1 else ["again"]
    return _replaced(text, match, f"silence: [{rng.choice(shorter)}]")


def change_wait(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r"(?:key|digits|seconds|longest_call|wait|errors|most_centres): (\d+)", text)
    if match is None:
        return None
    old = int(match[1])
    return _replaced(text, match, str(rng.choice([old * 2, old * 3, max(1, old // 3)])), 1)


def other_prompt(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    """Let a node say something else."""
    prompts = sorted(set(re.findall(r"\b[A-Z][A-Z0-9_]{2,}\b", text[text.index("\nnodes:") :])))
    match = _pick(rng, r"(?:say[a-z_]*|again|first|signs|stay): \[?([A-Z0-9_]+)", text)
    return _replaced(text, match, rng.choice([each for each in prompts if each != match[1]]), 1) if match else None


def global_node(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r"^(?:start|resume|person|red_flag): ([a-z_]+)", text)
    return _replaced(text, match, rng.choice([n for n in _nodes(text) if n != match[1]]), 1) if match else None


def delete_text(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r"^  [A-Z0-9_]+: (?:[^>].*\n|>-\n(?:    .*\n)+)", text)
    return _replaced(text, match, "") if match else None


def lengthen(rng: random.Random, text: str, name: str) -> tuple[str, str] | None:
    """Forty words more, at the beginning of a text."""
    match = _pick(rng, r"^  [A-Z0-9_]+: (?:>-\n    )?(?=\S)", text)
    words = "og så videre enda litt mer " if "nb" in name else "and so on and on a little "
    return _replaced(text, match, match[0] + words * 7) if match else None


def take_113(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r"\b(?:en, en, tre|one, one, three)\b", text)
    return _replaced(text, match, "oss" if "en," in match[0] else "us") if match else None


def other_key(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    """Announce another key."""
    match = _pick(rng, r"(?:press|trykke?) (\d|star|hash|stjerne|firkant)\b", text)
    return _replaced(text, match, rng.choice([k for k in "1234567809" if k != match[1]]), 1) if match else None


def drop_sentence(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r"(?<=\. )[A-ZÆØÅ{][^.\n]*(?:press|trykke?) \d[^.\n]*\.", text)
    return _replaced(text, match, "") if match else None


def lose_slot(rng: random.Random, text: str, _: str) -> tuple[str, str] | None:
    match = _pick(rng, r"\{[a-z0-9]+\}", text)
    return _replaced(text, match, rng.choice(["", "{", "{centre}", "{nobody}"])) if match else None


FLOW_KINDS: tuple[Kind, ...] = (
    retarget,
    retarget,
    drop_edge,
    swap_keys,
    break_silence,
    change_wait,
    other_prompt,
    global_node,
)
PROMPT_KINDS: tuple[Kind, ...] = (delete_text, lengthen, take_113, other_key, drop_sentence, lose_slot)


def damages(count: int, seed: int = SEED, flow_share: float = 0.6) -> Iterator[Damage]:
    """That many different damages, always the same; `flow_share` of them to the flow, the others to its texts."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    folder = bundled("call_flows")
    texts = {name: (folder / name).read_text("utf-8") for name in (FLOW, *PROMPTS)}
    seen: set[str] = set()
    while len(seen) < count:
        flow = rng.random() < flow_share
        name = FLOW if flow else rng.choice(PROMPTS)
        kind = rng.choice(FLOW_KINDS if flow else PROMPT_KINDS)
        done = kind(rng, texts[name], name)
        if done and done[0] != texts[name] and done[0] not in seen:
            seen.add(done[0])
            yield Damage(kind.__name__, name, done[1], done[0])


def caught_by(damage: Damage, ground: Ground, folder: Path) -> str | None:
    """The first rule that complains."""
    shutil.copytree(bundled("call_flows"), folder, dirs_exist_ok=True)
    (folder / damage.file).write_text(damage.text, "utf-8")
    try:
        subject = Subject(folder / FLOW, ground)
    except DefinitionError as error:
        return loading("L01", error)[0].rule
    first = next((rule.id for rule in RULES for _ in findings_of(rule, subject)), None)
    if damage.file == FLOW:
        ground.kept.clear()  # nobody will walk this flow again
    return first


def _lay() -> None:
    """In each process: the ground, once."""
    global _ground  # noqa: PLW0603 - how a pool's workers are handed what is made once
    _ground = lay_ground(None, EVENING)


def _judged(damage: Damage) -> tuple[Damage, str | None]:
    with tempfile.TemporaryDirectory() as folder:
        return damage, caught_by(damage, _ground, Path(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damages", type=int, default=300)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    caught: Counter[str] = Counter()
    survivors = []
    with multiprocessing.Pool(options.processes, _lay) as pool:
        for damage, rule in pool.imap(_judged, damages(options.damages)):
            caught[rule or "nobody"] += 1
            if rule is None:
                survivors.append(damage)
            if sys.stderr.isatty():
                print(f"\r{caught.total()} of {options.damages}", end="", file=sys.stderr)  # noqa: T201
    total = options.damages - len(survivors)
    print(f"seed {SEED}: {total} of {options.damages} damages caught ({total / options.damages:.1%})")  # noqa: T201
    print("by the first rule that complains:", dict(caught.most_common()))  # noqa: T201
    for damage in survivors:
        print(f"survived: {damage.kind} in {damage.file}, {damage.what}")  # noqa: T201


if __name__ == "__main__":
    main()
