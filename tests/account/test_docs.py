"""docs/account.md names tests that exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "account.md"


def test_every_rule_of_the_page_names_a_test_that_exists() -> None:
    named = re.findall(r"`(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert len(named) >= 10
    assert [name for name in named if f"def {name}(" not in tests] == []
