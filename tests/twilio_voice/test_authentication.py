"""HTTP Basic and Digest beside the signature, as real clients send them."""

from base64 import b64encode

import pytest
import requests
from requests.auth import HTTPDigestAuth

from ivr.line.twilio import Authentication
from ivr.line.twilio.authentication import NONCE_SECONDS, REALM

BASE = "https://line.example/ivr"
LOGIN, NEXT = ("twilio", "a-long-password"), ("twilio", "the:next-password")


class Clock:
    seconds = 1_700_000_000.0


def _made(clock: Clock, *, basic: bool = False, digest: bool = False, seal: str = "s") -> Authentication:
    both = (LOGIN, NEXT)
    return Authentication(both if basic else (), both if digest else (), seal, lambda: clock.seconds, BASE)


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def _digest(made: Authentication, login: tuple[str, str] = LOGIN, target: str = "/ivr/voice?t=1") -> str:
    """What `requests` answers our challenge with."""
    client = HTTPDigestAuth(*login)
    client.init_per_thread_state()
    challenge = made.challenges(None)[0].partition(" ")[2]
    client._thread_local.chal = requests.utils.parse_dict_header(challenge)
    return str(client.build_digest_header("POST", f"https://line.example{target}"))


@pytest.mark.parametrize("login", [LOGIN, NEXT])
def test_either_of_two_passwords_is_taken_while_one_is_replaced(login: tuple[str, str]) -> None:
    clock = Clock()
    assert _made(clock, basic=True).is_given("POST", "/voice", _basic(*login))
    made = _made(clock, digest=True)
    assert made.is_given("POST", "/voice?t=1", _digest(made, login))


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Basic", "Basic !", "Basic dHdpbGlv", "Bearer x", _basic("twilio", "wrong"), _basic("x", LOGIN[1])),
        *(
            "Digest",
            "Digest x",
            'Digest username="twilio"',
            "Digest " + "a=b," * 2000,
            "Basic " + "A" * 10_000,
            "Basic æ",
        ),
        'Digest username="twilio", username="twilio", realm="ivr"',
    ],
)
def test_whatever_else_is_sent_names_nobody_and_does_not_raise(header: str | None) -> None:
    made = _made(Clock(), basic=True, digest=True)
    assert not made.is_given("POST", "/voice", header)
    assert len(made.challenges(header)) == 2


def test_one_scheme_does_not_stand_in_for_the_other() -> None:
    clock = Clock()
    assert not _made(clock, digest=True).is_given("POST", "/voice", _basic(*LOGIN))
    both = _made(clock, basic=True, digest=True)
    assert not _made(clock, basic=True).is_given("POST", "/voice?t=1", _digest(both))


@pytest.mark.parametrize(
    ("method", "target"), [("GET", "/voice?t=1"), ("POST", "/voice"), ("POST", "/voice?t=2"), ("POST", "/other?t=1")]
)
def test_a_digest_is_for_one_method_and_one_target(method: str, target: str) -> None:
    made = _made(Clock(), digest=True)
    assert not made.is_given(method, target, _digest(made))


@pytest.mark.parametrize("target", ["/voice?t=1", "/ivr/voice?t=1"])
def test_a_digest_may_be_over_the_path_that_a_proxy_took_off(target: str) -> None:
    made = _made(Clock(), digest=True)
    assert made.is_given("POST", "/voice?t=1", _digest(made, target=target))


@pytest.mark.parametrize("seconds", [NONCE_SECONDS + 1, -NONCE_SECONDS - 1])
def test_an_old_nonce_is_refused_and_the_client_is_told_that_it_is_merely_old(seconds: float) -> None:
    clock = Clock()
    made = _made(clock, digest=True)
    header = _digest(made)
    assert "stale" not in made.challenges(header)[0]
    clock.seconds += seconds
    assert not made.is_given("POST", "/voice?t=1", header)
    assert made.challenges(header)[0].endswith("stale=true")


def test_another_instance_knows_the_nonce_and_a_stranger_cannot_make_one() -> None:
    clock = Clock()
    header = _digest(_made(clock, digest=True))
    assert _made(clock, digest=True).is_given("POST", "/voice?t=1", header)
    assert not _made(clock, digest=True, seal="t").is_given("POST", "/voice?t=1", header)


def test_a_line_that_takes_basic_alone_asks_for_nothing_else() -> None:
    (challenge,) = _made(Clock(), basic=True).challenges(None)
    assert challenge.startswith("Basic ")


def test_a_digest_for_another_realm_is_refused() -> None:
    made = _made(Clock(), digest=True)
    given = _digest(made)
    assert made.is_given("POST", "/voice?t=1", given)
    assert not made.is_given("POST", "/voice?t=1", given.replace(f'realm="{REALM}"', 'realm="another"'))
