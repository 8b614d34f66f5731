"""The three questions of docs/planner.md: what `ivr plan` says to each, and pictures of its pages.

`python -m tests.planner.questions docs/images` runs the command for each and prints what its page says first. It writes
plan-closed.png, plan-friday.png and plan-menu.png, the beginning of each page at 1440, and plan-closed-narrow.png, at
390.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import click
from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGUMENTS, CHROMIUM, NARROW, WIDE

_CHANGES = {
    "closed": ("Voss closes by night", '{centre: voss, closed: "23:00-08:00"}'),
    "friday": (
        "Ten more operators in Oslo on Friday evenings",
        '{centre: oslo, operators: +10, hours: "15:00-23:00", days: [fri]}',
    ),
    "menu": ("The menu grows by fifteen seconds", "{menu: 15}"),
}


def _page_of(question: str, folder: Path) -> Path:
    name, change = _CHANGES[question]
    plan, page = folder / f"{question}.yaml", folder / f"{question}.html"
    plan.write_text(f"name: {name}\nfrom: 2027-01-04\nto: 2027-02-28\nchanges:\n  - {change}\n", "utf-8")
    command = [sys.executable, "-m", "ivr", "plan", str(plan), "--page", str(page)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return page


def _picture(tab: Page, page: Path, size: tuple[int, int], file: Path) -> None:
    tab.set_viewport_size({"width": size[0], "height": size[1]})
    tab.goto(page.as_uri())
    tab.screenshot(path=file)


def main(images: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        tab = browser.new_page()
        for question in _CHANGES:
            page = _page_of(question, Path(scratch))
            _picture(tab, page, WIDE, images / f"plan-{question}.png")
            click.echo(f"{question}: {tab.locator('.says').inner_text()}\n")
        _picture(tab, Path(scratch) / "closed.html", NARROW, images / "plan-closed-narrow.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
