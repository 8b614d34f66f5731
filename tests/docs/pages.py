"""The Markdown pages of the repository, their anchors and the links in them, read as a code host reads them."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
INDEX = ROOT / "docs" / "index.md"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("examples/*/README.md"),
        ROOT / "findings" / "README.md",
        ROOT / "municipalities" / "README.md",
    ]
)
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:")


@cache
def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def links(page: Path) -> Iterator[tuple[int, str]]:
    """The line of the block and the target of each link and picture that leads to a file or an anchor."""
    for block in _tokens(page):
        line = block.map[0] + 1 if block.map else 0
        for token in block.children or ():
            target = str(token.attrs.get("href") or token.attrs.get("src") or "")
            if target and not _ELSEWHERE.match(target):
                yield line, unquote(target)


def code_lines(page: Path) -> Iterator[str]:
    """The lines of all blocks of code, without what they are indented by."""
    for token in _tokens(page):
        if token.type in ("fence", "code_block"):
            yield from token.content.splitlines()


@cache
def anchors(page: Path) -> frozenset[str]:
    """What may stand behind `#`: a heading in small letters, without punctuation, its blanks as hyphens."""
    tokens = _tokens(page)
    seen: Counter[str] = Counter()
    found = set()
    for token, text in pairwise(tokens):
        if token.type == "heading_open":
            words = "".join(part.content for part in text.children or () if part.type in ("text", "code_inline"))
            anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1
    return frozenset(found)


def broken(page: Path) -> list[str]:
    """Each link of a page that leads nowhere, as `file:line: target`."""
    wrong = []
    for line, target in links(page):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and (file.suffix != ".md" or anchor not in anchors(file))):
            wrong.append(f"{page.name}:{line}: {target}")
    return wrong


def reached_from(start: Path) -> set[Path]:
    """Every page that links lead to, in any number of steps."""
    reached, waiting = {start}, [start]
    while waiting:
        page = waiting.pop()
        targets = {(page.parent / target.partition("#")[0]).resolve() for _, target in links(page)}
        new = {each for each in targets if each.suffix == ".md" and each.exists()} - reached
        reached |= new
        waiting.extend(new)
    return reached
