"""What became of a task: a scenario whose steps are one way to do it, and whose expectations say when it is done."""

from ivr.simulator.expectations import lines
from ivr.simulator.outcome import Outcome
from ivr.simulator.plan import Press
from ivr.simulator.scenario import Scenario
from ivr.simulator.web_phone.live import Message


def task_result(task: Scenario, outcome: Outcome) -> Message:
    """For the page: `done`, the keys that the person pressed and those of the scenario's own way, the seconds, and who
    was rung."""
    own = sum(len(step.keys) for step in task.plan.steps if isinstance(step, Press))
    keys = sum(1 for event in outcome.events("key") if not event.get("leg"))
    done = all(line.held for line in lines(outcome, task.expect))
    return {
        "type": "result",
        "done": done,
        "keys": keys,
        "fewest": own,
        "seconds": outcome.seconds,
        "rang": outcome.dialled,
    }
