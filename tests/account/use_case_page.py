"""`docs/use-cases.md`, made from the tests: what an account is for, each as the test that plays it.

python -m tests.account.use_case_page     # writes the page anew
"""

import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path

from tests.account import applications, test_bots, test_use_cases

PAGE = Path(__file__).parents[2] / "docs" / "use-cases.md"
LONGEST = 39  # lines of an example
_HEAD = """# Use cases

What [an account](account.md) is for. Each example is a test as it stands, with an application of its own: Flask and
Twilio's library, in [tests/account/applications.py](../tests/account/applications.py). `ivr_account` is the fixture
that comes with the package, `client` is Twilio's own REST client with `http_client=ivr_account.rest`, and `click`
posts to a page of the application, as somebody at a screen does. `python -m tests.account.use_case_page` writes this
page.
"""
_CASES: tuple[tuple[str, str, Callable[..., None]], ...] = (
    ("Warm transfer", "warm_transfer", test_use_cases.test_warm_transfer),
    (
        "A queue with two agents and five callers",
        "support_queue",
        test_use_cases.test_queue_with_two_agents_and_five_callers,
    ),
    (
        "A reminder, and an answering machine",
        "reminder",
        test_use_cases.test_outbound_reminder_with_machine_detection,
    ),
    ("Voicemail by mail", "voicemail", test_use_cases.test_a_voicemail_is_fetched_and_attached_to_a_mail),
    ("Call-back when an agent is free", "call_back", test_use_cases.test_call_back_when_an_agent_is_free),
    ("A coach whispers to an agent", "coaching", test_use_cases.test_a_coach_whispers_to_an_agent),
    (
        "Two people who call each other",
        "",
        test_use_cases.test_two_people_call_each_other_through_two_numbers,
    ),
    ("A bot that echoes", "", test_bots.test_a_bot_echoes_in_two_calls_at_once),
    ("A bot that hands over to a person", "", test_bots.test_a_conversation_is_handed_over_to_a_persons_phone),
    (
        "116 117: ten callers, three nurses",
        "nurses",
        test_use_cases.test_ten_callers_and_three_nurses_with_red_flags_first,
    ),
)


def examples() -> list[str]:
    """The code of each."""
    return [textwrap.dedent(inspect.getsource(test)).rstrip() for _, _, test in _CASES]


def page() -> str:
    parts = [_HEAD]
    for (title, application, test), code in zip(_CASES, examples(), strict=True):
        made = inspect.getdoc(getattr(applications, application)) if application else inspect.getdoc(test)
        told = f"The application is `{application}`: {made}" if application else made or ""
        file = Path(inspect.getfile(test)).name
        where = f"[tests/account/{file}](../tests/account/{file})"
        parts.append(f"\n## {title}\n\n{told}\n\n```python\n{code}\n```\n\nIn {where}.\n".replace("\n\n\n", "\n\n"))
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
