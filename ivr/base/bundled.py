"""Where the bundled files lie (flow, directory, ...): inside the wheel, or beside the package in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def bundled_flow() -> Path:
    """The flow that came with this installation; its prompts lie beside it."""
    return bundled("call_flows") / "legevakt.yaml"


def bundled(name: str) -> Path:
    """The folder `call_flows`, `municipalities`, `scenarios` or `deploy` that came with this installation."""
    inside = _PACKAGE / "_bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
