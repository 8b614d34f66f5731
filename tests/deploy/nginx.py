"""The real nginx with deploy/nginx.conf as it stands: only names, ports and places are put in, as an operator does."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import privacy
from tests.serve.server import SECONDS

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")  # as certbot makes it since 2.0

needs_nginx = pytest.mark.skipif(
    NGINX is None or OPENSSL is None, reason="needs nginx and openssl: apt-get install nginx-light openssl"
)

_MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    pem, key = folder / "line.pem", folder / "line.key"
    make = [str(OPENSSL), "req", "-x509", *_KEY, "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*make, *names, "-keyout", key, "-out", pem], check=True, capture_output=True)
    return pem, key


def site(folder: Path, port: int, instances: Sequence[int], name: str = "line.example") -> str:
    """deploy/nginx.conf with what an operator puts in. Fails if the sample no longer has the place for it."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    pem, key = certificate(folder)
    put_in = {
        "server_name line.example;": f"server_name {name};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/line.example.pem": str(pem),
        "/etc/ssl/line.example.key": str(key),
        "/var/log/nginx/ivr.log": str(folder / "access.log"),
        "127.0.0.1:5001": f"127.0.0.1:{instances[0]}",
        "127.0.0.1:5002": f"127.0.0.1:{instances[-1]}",
    }
    for old, new in put_in.items():
        assert text.count(old) == 1, f"deploy/nginx.conf: {old}"
        text = text.replace(old, new)
    return text


@contextmanager
def proxying(folder: Path, text: str, port: int) -> Iterator[Path]:
    """nginx with these sites, listening on `port`; the file of what it complains about."""
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, site=text), "utf-8")
    log = folder / "error.log"
    with log.open("wb") as output:
        command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait(port, process, log)
        yield log
    finally:
        process.terminate()
        process.wait(SECONDS)
        privacy.check((folder / "access.log").read_text("utf-8") if (folder / "access.log").exists() else "")


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text("utf-8")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")
