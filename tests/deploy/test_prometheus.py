"""The rules for Prometheus: each by promtool, and one alarm that fires and clears in Prometheus itself."""

import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import generate_latest, start_http_server

from ivr.line.service.metrics import Meters
from tests.deploy.nginx import ROOT
from tests.serve.server import free_port

PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
RULES = ROOT / "deploy" / "prometheus-rules.yml"
TESTS = Path(__file__).with_name("prometheus_rules_test.yml")
SECONDS = 60


@pytest.mark.skipif(PROMTOOL is None, reason="needs promtool: apt-get install prometheus")
def test_promtool_sees_each_alarm_fire_and_not_before(tmp_path: Path) -> None:
    file = tmp_path / "rules_test.yml"
    file.write_text(TESTS.read_text("utf-8").replace("RULES", str(RULES)), "utf-8")
    result = subprocess.run(
        [str(PROMTOOL), "test", "rules", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def _rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return list(group["rules"])


def test_every_rule_has_a_test_in_which_it_fires() -> None:
    tests = yaml.safe_load(TESTS.read_text("utf-8"))["tests"]
    fired = {each["alertname"] for test in tests for each in test["alert_rule_test"] if each.get("exp_alerts")}
    assert fired == {rule["alert"] for rule in _rules()}


def test_every_metric_of_the_rules_is_one_of_the_line() -> None:
    named = {name for rule in _rules() for name in re.findall(r"ivr_[a-z_]+", rule["expr"])}
    told = set(re.findall(r"^# TYPE (\w+)", generate_latest(Meters().registry).decode(), re.MULTILINE))
    ours = {"ivr_days_left"} | told | {f"{name}_bucket" for name in told}
    assert named <= ours, named - ours


@pytest.fixture
def meters() -> Iterator[tuple[Meters, int]]:
    """The line's own meters, on a port."""
    meters, port = Meters(), free_port()
    server, thread = start_http_server(port, "127.0.0.1", meters.registry)
    yield meters, port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.skipif(PROMETHEUS is None, reason="needs prometheus: apt-get install prometheus")
def test_an_alarm_fires_and_clears_in_prometheus_itself(meters: tuple[Meters, int], tmp_path: Path) -> None:
    line, port = meters
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [{"job_name": "ivr", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}],
    }
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config), "utf-8")
    own = free_port()
    command = [
        str(PROMETHEUS),
        f"--config.file={tmp_path}/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address=127.0.0.1:{own}",
        "--log.level=error",
    ]
    labels = ("0.1", "f", "d", "simulator")
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as prometheus:
        try:
            line.loaded(0.0, labels, refused=True)
            assert _fires(own) == {"IvrReloadRefused"}
            line.loaded(0.0, labels, refused=False)
            assert _fires(own, no_more=True) == set()
        finally:
            prometheus.terminate()
            prometheus.wait(20)


def _fires(port: int, *, no_more: bool = False) -> set[str]:
    """The alarms that fire, as soon as there are some; with `no_more`, as soon as there are none."""
    end, found = time.monotonic() + SECONDS, set[str]()
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as answer:
                alerts = json.load(answer)["data"]["alerts"]
        except OSError:
            time.sleep(0.2)
            continue
        found = {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}
        if bool(found) != no_more:
            return found
        time.sleep(0.2)
    return found
