"""An answer of `ivr plan` as a file: that of the small nation, for what shows answers.

`python -m tests.planner.sample` makes it anew.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.line.directory import load_directory
from ivr.line.service.settings import Settings
from ivr.planner.answer import Answer, answer
from ivr.planner.build import Builder
from ivr.planner.journey_cache import Store
from ivr.planner.plan import Plan
from ivr.planner.plan_file import Lines, read_plan
from ivr.planner.scene import play
from tests.planner.conftest import SMALL, TODAY, changed

PLANNED = Path(__file__).parent / "answer.json"
CHANGES = 'name: "Voss <closed> & fewer in Bergen"\nchanges:\n  - {centre: voss, closed: "22:00-08:00"}\n'
CHANGES += "  - {centre: bergen, operators: 1}\n"


def made(builder: Builder, folder: Path) -> Answer:
    """`folder`: where the plan file may lie."""
    path = folder / "plan.yaml"
    path.write_text(CHANGES, "utf-8")
    return answered(builder, changed(TODAY, read_plan(path, Lines(lambda other: load_directory(other or SMALL)), 2027)))


def answered(builder: Builder, plan: Plan) -> Answer:
    """A plan of the small nation beside today's, run twice."""
    scenes = builder.scene(TODAY), builder.scene(plan, TODAY)
    runs = [[play(scene, plan.seed, number) for number in range(2)] for scene in scenes]
    return answer(plan, TODAY, scenes, (runs[0], runs[1]), builder.service(plan).directory)


if __name__ == "__main__":
    with TemporaryDirectory() as temporary:
        found = made(Builder(Settings(directory=SMALL), Store(None)), Path(temporary))
    PLANNED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
