"""The scenario file and the call trace as JSON Schemas (draft 2020-12): for editors, and for programs that read traces.

    validate(json.loads(line), load_schema("trace"))    # with any validator; none comes with the package

The schemas say what the contract says; the simulator itself reads scenarios with `ivr.simulator.scenario`.
"""

import json
from importlib.resources import files
from typing import Any, Literal, cast


def load_schema(name: Literal["scenario", "trace"]) -> dict[str, Any]:
    """`scenario`: a whole file, read as YAML 1.2. `trace`: one event, which is one line of a trace."""
    text = files(__name__).joinpath(f"{name}.schema.json").read_text("utf-8")
    return cast(dict[str, Any], json.loads(text))
