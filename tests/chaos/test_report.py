"""The report: what was broken is seen at once, and a page keeps what stands around it."""

import pytest
from click.testing import CliRunner

from tests.chaos import __main__ as command
from tests.chaos.checker import Complaint, Verdict
from tests.chaos.faults import FAULTS
from tests.chaos.report import BEGIN, END, line, markdown, put, total
from tests.chaos.run import Result

FAULT = FAULTS[0]
LOST = Verdict(
    calls=3, complaints=[Complaint(2, "end", "ended 0 times"), Complaint(3, "silence", "9.0 s")], silence=9.0
)


def _result(verdict: Verdict, broken: str = "") -> Result:
    return Result(FAULT, verdict, restarts=0, seconds=1.0, broken=broken)


def test_held_lost_and_broken_are_told_apart() -> None:
    results = [_result(LOST), _result(Verdict(calls=5))]
    assert total(results).startswith("2 faults, 8 calls, 7 held, 1 lost, 2 promises broken, worst silence 9.0 s")
    assert (line(results[0])[:4], line(results[1])[:4]) == ("FAIL", "ok  ")
    assert f"| {FAULT.id} | {FAULT.name} | 3 | 2 | 1 | 2 | 9.0 s of 3 | 0 | 0 | 0 |" in markdown(results, 0)
    assert "- call 2: end: ended 0 times" in markdown(results, 0)


@pytest.mark.parametrize(
    ("verdict", "broken"), [(Verdict(calls=0), ""), (Verdict(calls=1), "the service is gone"), (LOST, "")]
)
def test_a_fault_without_calls_or_with_a_broken_service_is_not_good(verdict: Verdict, broken: str) -> None:
    assert not _result(verdict, broken).good


def test_a_report_goes_between_the_marks_of_a_page() -> None:
    assert put(f"before\n{BEGIN}\nold\n{END}\nafter", "new\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter"
    assert put("a page without marks", "new\n") == "new\n"


def test_an_unknown_fault_is_said_and_nothing_is_started() -> None:
    result = CliRunner().invoke(command.main, ["--only", "F6,F999"])
    assert result.exit_code == 2
    assert "no such fault: F999" in result.output
