"""The real Caddy with the sample of deploy/."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CADDY = shutil.which("caddy")


@contextmanager
def caddy(folder: Path, port: int, instances: Sequence[int]) -> Iterator[None]:
    """In front of these ports, without TLS."""
    environment = {
        **{"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder), "CADDY_ADMIN": "off"},
        "IVR_SITE": f"http://127.0.0.1:{port}",
        "IVR_ELSE": f"http://:{port}",
        "IVR_INSTANCES": " ".join(f"127.0.0.1:{each}" for each in instances),
    }
    command = [str(CADDY), "run", "--config", "deploy/Caddyfile", "--adapter", "caddyfile"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
