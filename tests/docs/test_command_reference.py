"""docs/commands.md is what the commands say themselves."""

import click
import pytest

from tests.docs.command_reference import PAGE, page
from tests.test_command_line import PAGES


def test_the_page_is_made_of_the_commands() -> None:
    assert PAGE.read_text("utf-8") == page(), "make it anew: python -m tests.docs.command_reference"


@pytest.mark.parametrize("path", PAGES)
def test_a_command_has_its_options_example_and_exit_codes(path: str) -> None:
    part = PAGE.read_text("utf-8").partition(f"# {path}\n")[2].partition("\n##")[0]
    assert "| exit code | |\n|---|---|\n| 0 | " in part
    assert "Example" in part
    assert f"{path}" in part.partition("```sh\n")[2].partition("```")[0]
    for option in PAGES[path][0].params:
        if isinstance(option, click.Option) and option.name != "help":
            assert f"| `{', '.join(option.opts)}" in part
