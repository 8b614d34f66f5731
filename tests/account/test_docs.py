"""docs/account.md names tests that exist."""

import re
from pathlib import Path

from tests.account.use_case_page import LONGEST, examples, page
from tests.account.use_case_page import PAGE as PAGE_OF_USE_CASES

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "account.md"


def test_every_rule_of_the_page_names_a_test_that_exists() -> None:
    named = re.findall(r"`(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert len(named) >= 10
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_the_page_of_use_cases_shows_each_test_as_it_is_in_few_lines() -> None:
    assert PAGE_OF_USE_CASES.read_text("utf-8") == page(), "run: python -m tests.account.use_case_page"
    assert [len(code.splitlines()) for code in examples() if len(code.splitlines()) > LONGEST] == []
