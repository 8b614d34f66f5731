"""The files for deployment: each is read by the program it is for, where that is at hand, and fits our command."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.cli.serve import serve
from tests.deploy.nginx import ROOT

SYSTEMD = shutil.which("systemd-analyze")
SET = {
    "IVR_SITE": "line.example",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_PHONE_NUMBER": "+4739000000",
    "SECRET_KEY": "secret",
    "POSTGRES_PASSWORD": "password",
}


def _run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    every = {"PATH": os.environ["PATH"], "HOME": "/tmp"} | environment  # noqa: S108
    return subprocess.run(command, capture_output=True, text=True, env=every, cwd=ROOT, check=False, timeout=60)


def _compose_command() -> list[str]:
    """Docker's own plugin, or the program of before; empty if there is neither."""
    if shutil.which("docker") and _run("docker", "compose", "version").returncode == 0:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else []


COMPOSE = _compose_command()


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_text("compose.yaml"))
    return found


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    result = _run(str(Path(sys.executable).with_name("hadolint")), "Dockerfile")
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.skipif(not COMPOSE, reason="needs docker compose, or apt-get install docker-compose")
def test_docker_compose_reads_the_file_and_asks_for_what_is_missing() -> None:
    result = _run(*COMPOSE, "-f", "compose.yaml", "config", **SET)
    assert result.returncode == 0, result.stderr
    assert "https://line.example" in result.stdout
    for name in SET:
        assert _run(*COMPOSE, "-f", "compose.yaml", "config", **{k: v for k, v in SET.items() if k != name}).returncode


@pytest.mark.skipif(SYSTEMD is None, reason="needs systemd-analyze")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    unit = _text("deploy/ivr@.service").replace("/opt/ivr/.venv/bin/ivr", "/bin/true")
    (tmp_path / "ivr@.service").write_text(unit, "utf-8")
    result = _run(str(SYSTEMD), "verify", str(tmp_path / "ivr@.service"))
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(SYSTEMD is None, reason="needs systemd-analyze")
def test_systemd_reads_the_timer_of_the_alarms_and_its_service(tmp_path: Path) -> None:
    for name in ("ivr-alarm.service", "ivr-alarm.timer"):
        unit = _text(f"deploy/{name}").replace("/opt/ivr/.venv/bin/ivr", "/bin/true")
        (tmp_path / name).write_text(unit, "utf-8")
    for name in ("ivr-alarm.service", "ivr-alarm.timer"):
        result = _run(str(SYSTEMD), "verify", str(tmp_path / name))
        assert (result.returncode, result.stderr) == (0, "")


def _commands() -> dict[str, list[str]]:
    docker = re.search(r"^CMD (\[.*\])$", _text("Dockerfile"), re.MULTILINE)
    unit = re.search(r"^ExecStart=(.*)$", _text("deploy/ivr@.service"), re.MULTILINE)
    procfile = re.fullmatch(r"web: (.*)\n", _text("Procfile"))
    assert docker
    assert unit
    assert procfile
    return {
        "Dockerfile": json.loads(docker[1]),
        "systemd": shlex.split(unit[1].replace("%i", "5001")),
        "Procfile": shlex.split(procfile[1]),
    }


@pytest.mark.parametrize("name", ["Dockerfile", "systemd", "Procfile"])
def test_the_command_that_is_started_is_one_of_ours(name: str) -> None:
    program, command, *arguments = _commands()[name]
    assert (program.rpartition("/")[2], command) == ("ivr", "serve")
    assert serve.make_context("serve", arguments).params["threads"] == 4


def test_an_instance_runs_without_rights_on_a_file_system_that_it_cannot_change() -> None:
    assert "\nUSER 10001\n" in _text("Dockerfile")
    assert "HEALTHCHECK" in _text("Dockerfile")
    for name in ("line-1", "line-2"):
        line = _compose()["services"][name]
        assert line["read_only"] is True
        assert line["cap_drop"] == ["ALL"]
        assert line["security_opt"] == ["no-new-privileges:true"]
        assert "ports" not in line, "only the proxy is open to the world"


def test_instances_share_the_records_the_editions_and_nothing_else() -> None:
    services = _compose()["services"]
    assert services["line-1"] == services["line-2"]
    assert services["line-1"]["volumes"] == ["editions:/var/lib/ivr"]
    assert services["line-1"]["environment"]["XDG_STATE_HOME"] == "/var/lib/ivr"
    assert services["line-1"]["environment"]["IVR_TRUSTED_PROXIES"] == "1"
    assert "@database/" in services["line-1"]["environment"]["DATABASE_URL"]


def test_no_secret_stands_in_a_file() -> None:
    for name in ("compose.yaml", "Dockerfile", "Procfile", "deploy/ivr@.service"):
        for line in _text(name).splitlines():
            secret = re.match(r"\s*(?:ENV )?\w*(?:TOKEN|SECRET|PASSWORD)\w*\s*[:=]\s*(?!\$\{)\S", line)
            assert not secret, f"{name}: {line}"


def test_what_the_dockerfile_copies_is_let_through() -> None:
    allowed = {line[1:] for line in _text(".dockerignore").splitlines() if line.startswith("!")}
    copied = [line.split()[1:-1] for line in _text("Dockerfile").splitlines() if re.match(r"COPY (?!--from)", line)]
    assert {name for names in copied for name in names} == allowed
    assert all((ROOT / name).exists() for name in allowed)


def _pinned(lock: str) -> set[str]:
    return set(re.findall(r"^(\S+==\S+)", _text(f"requirements/{lock}.lock"), re.MULTILINE))


def _plain(pin: str) -> str:
    """A pin without the extras of the package."""
    return re.sub(r"\[.*\]", "", pin)


def test_the_lock_file_of_the_documentation_agrees_with_the_others_and_names_no_registry() -> None:
    more = _pinned("docs") - _pinned("run")
    assert _pinned("run") <= _pinned("docs")
    assert {_plain(each) for each in _pinned("docs")} <= {_plain(each) for each in _pinned("dev")}
    assert {"sphinx", "myst-parser"} <= {each.partition("==")[0] for each in more}
    assert [line for line in _text("requirements/docs.lock").splitlines() if "://" in line] == []


def test_the_lock_file_of_the_image_is_that_of_the_line_and_the_driver() -> None:
    more = _pinned("postgres") - _pinned("run")
    assert _pinned("run") <= _pinned("postgres")
    assert {each.partition("==")[0] for each in more} == {"psycopg[binary]", "psycopg-binary"}


def test_the_packages_of_ci_are_those_that_the_tests_look_for() -> None:
    assert re.search(r"^packages=\(.*\bnginx-light caddy docker-compose\b.*\)$", _text(".ci/run"), re.MULTILINE)
