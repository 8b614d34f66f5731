"""Webhooks behind TLS: a certificate is always verified, and a self-signed one is trusted where it is named."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest
from click.testing import CliRunner

from ivr.base.errors import SimulatorError
from ivr.cli import group
from ivr.simulator import Call, CallPlan, HttpTransport, play
from ivr.simulator.load import Job, run
from ivr.simulator.load.mix import Mix
from tests.simulator.server import _Quiet
from tests.simulator.webhook import Webhook, webhook

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="needs openssl, to make certificates")

_AUTHORITY = """
[ca]
default_ca = ours
[ours]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
basicConstraints = CA:FALSE
subjectAltName = {names}
"""


def certificate(folder: Path, names: str, end: str = "21000101000000Z") -> Path:
    """A self-signed certificate and its key, in one PEM file. `names`: as OpenSSL writes subjectAltName."""
    folder.mkdir()
    (folder / "authority.ini").write_text(_AUTHORITY.format(names=names))
    (folder / "index.txt").touch()
    ask = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test", "-keyout", "key.pem", "-out", "ask.pem"]
    sign = ["ca", "-batch", "-notext", "-selfsign", "-config", "authority.ini", "-keyfile", "key.pem", "-in", "ask.pem"]
    dates = ["-startdate", "20200101000000Z", "-enddate", end, "-out", "certificate.pem"]
    for command in (ask, [*sign, *dates]):
        subprocess.run([str(OPENSSL), *command], check=True, capture_output=True, cwd=folder)
    made = folder / "both.pem"
    made.write_text((folder / "certificate.pem").read_text() + (folder / "key.pem").read_text())
    return made


@contextmanager
def secured(app: Webhook, both: Path) -> Iterator[str]:
    """The https URL at which `app` answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who does not trust us goes away
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"https://localhost:{server.server_port}/voice"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls") / "good", "DNS:localhost,IP:127.0.0.1")


def hello() -> Webhook:
    return webhook(voice="<Say>hello</Say>")


def test_a_self_signed_certificate_is_refused_as_by_twilio_and_the_option_is_named(good: Path) -> None:
    with secured(hello(), good) as url:
        outcome = play(CallPlan(url=f"{url}#rc=0"), HttpTransport())
    assert (outcome.ended, outcome.warnings) == ("failed", [11237])
    message = outcome.events("error")[0]["message"]
    assert "self-signed certificate" in message
    assert "--cafile" in message


def test_a_self_signed_certificate_that_is_named_is_trusted(good: Path) -> None:
    app = hello()
    with secured(app, good) as url:
        assert play(CallPlan(url=url), HttpTransport(cafile=good)).heard == ["hello"]
        assert Call(url, cafile=good).prompts == ["hello"]
        assert Call(url.replace("localhost", "127.0.0.1"), cafile=good).prompts == ["hello"]
        tally = run(Job(CallPlan(url=url), Mix.of_keys(""), calls=1, concurrent=1, cafile=str(good)))
    assert tally.results == {"200": 1}


def test_a_certificate_for_another_name_is_refused_though_it_is_trusted(tmp_path: Path) -> None:
    other = certificate(tmp_path / "other", "DNS:example.org")
    with secured(hello(), other) as url:
        for address in (url, url.replace("localhost", "127.0.0.1")):
            assert Call(f"{address}#rc=0", cafile=other).warnings == [11235]


def test_a_certificate_that_has_expired_is_refused_though_it_is_trusted(tmp_path: Path) -> None:
    old = certificate(tmp_path / "old", "DNS:localhost", "20200102000000Z")
    with secured(hello(), old) as url:
        assert Call(f"{url}#rc=0", cafile=old).warnings == [11236]


def test_a_port_without_tls_is_an_error_of_the_handshake() -> None:
    with make_server("127.0.0.1", 0, hello(), handler_class=_Quiet) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        call = Call(f"https://127.0.0.1:{server.server_port}/voice#rc=0")
        server.shutdown()
        thread.join()
    assert call.warnings == [11220]


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n"])
def test_a_file_without_a_certificate_is_said(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "none.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SimulatorError, match=r"none\.pem holds no certificate in PEM form"):
        HttpTransport(cafile=file)


@pytest.mark.parametrize(
    "command",
    [
        ["call", "https://localhost:1/", "--keys", ""],
        ["simulate", "scenarios"],
        ["load", "https://localhost:1/", "--calls", "1"],
        ["phone", "https://localhost:1/", "--no-browser"],
        ["emulate", "--port", "0"],
    ],
)
def test_a_command_refuses_a_file_without_a_certificate(command: list[str], tmp_path: Path) -> None:
    result = CliRunner().invoke(group, [*command, "--cafile", str(tmp_path / "none.pem")])
    assert result.exit_code == 2
    assert "none.pem holds no certificate in PEM form" in result.output


def test_the_commands_trust_the_file(good: Path) -> None:
    with secured(hello(), good) as url:
        for command in (["call", url, "--keys", ""], ["load", url, "--calls", "1"]):
            assert CliRunner().invoke(group, command).exit_code == 1
            assert CliRunner().invoke(group, [*command, "--cafile", str(good)]).exit_code == 0
