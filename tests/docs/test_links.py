"""Links between pages hold, on a code host and in the site alike. No link is followed over a network."""

import re
from pathlib import Path

import pytest

from tests.docs import pages
from tests.docs.pages import INDEX, PAGES, ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_an_anchor_that_exist(page: Path) -> None:
    assert pages.broken(page) == []


def test_every_page_is_reached_from_the_index() -> None:
    assert sorted(set(PAGES) - pages.reached_from(INDEX)) == []


def test_the_index_itself_names_every_page() -> None:
    named = {(INDEX.parent / target).resolve() for _, target in pages.links(INDEX)}
    assert sorted(set(PAGES) - named - {INDEX}) == []


def test_a_link_of_the_code_to_a_page_leads_to_an_anchor_that_exists() -> None:
    wrong = []
    for file in [*ROOT.glob("ivr/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        for name, anchor in re.findall(r"docs/([a-z-]+\.md)(?:#([a-z0-9-]+))?", file.read_text("utf-8")):
            page = ROOT / "docs" / name
            if not page.exists() or (anchor and anchor not in pages.anchors(page)):
                wrong.append(f"{file.relative_to(ROOT)}: docs/{name}#{anchor}")
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](missing.md)", ["page.md:1: missing.md"]),
        ("\n\n[a](#nothing)", ["page.md:3: #nothing"]),
        ("![a](missing.png)", ["page.md:1: missing.png"]),
        ("| a |\n|---|\n| [a](missing.md) |", ["page.md:3: missing.md"]),
        ("[a](other.md#here) [b](other.md#nowhere)", ["page.md:1: other.md#nowhere"]),
        ("[a](#twice-1) [b](#twice-2)\n\n# Twice\n\n# Twice", ["page.md:1: #twice-2"]),
        ("[a](#a-code-and-a-dash)\n\n# A `code`, and a-dash", []),
        ("```\n[a](missing.md)\n```\n`[a](missing.md)` [a](https://example.org/missing)", []),
    ],
)
def test_a_broken_link_is_found_with_its_line(text: str, found: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    (tmp_path / "other.md").write_text("# Here\n", "utf-8")
    assert pages.broken(page) == found


def test_a_page_that_nothing_links_to_is_not_reached(tmp_path: Path) -> None:
    start, middle, alone = (tmp_path / name for name in ("start.md", "middle.md", "alone.md"))
    start.write_text("[on](middle.md#there)\n", "utf-8")
    middle.write_text("# There\n\n[back](start.md)\n", "utf-8")
    alone.write_text("[back](start.md)\n", "utf-8")
    assert pages.reached_from(start) == {start, middle}
