"""Verb after verb of a document, wherever it is heard. What a verb does stands in its file in `verbs`.

A document is heard by the caller, by a callee before the talk (`whisper`), or by a caller who waits (`waiting`). Each
place has its policy: which verbs it takes, and how it reports another one.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from ivr.simulator.engine.effects import Input, Steps
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document, Verb

# What ends a document before its last verb: the document to go on with, or the key that cut a prompt.
Onward: TypeAlias = Document | Input | None
Executor: TypeAlias = Callable[[Scene, Any], Steps[Onward]]


class Policy(NamedTuple):
    """`verbs`: what each verb does that has a place here. `refuse` reports another one, which is passed over."""

    verbs: Mapping[type[Verb], Executor]
    refuse: Callable[[Scene, Verb], None]


def execute(scene: Scene, policy: Policy) -> Steps[Onward]:
    """Execute one document. None: its last verb is done."""
    verbs, refuse = policy
    for verb in scene.here.verbs:
        executor = verbs.get(type(verb))
        if executor is None:
            refuse(scene, verb)
            continue
        onward = yield from executor(scene, verb)
        if onward is not None:
            return onward
    return None


def execute_all(scene: Scene, policy: Policy) -> Steps[None]:
    """Execute document after document, until one ends without naming another."""
    onward: Onward = scene.here
    while isinstance(onward, Document):
        onward = yield from execute(Scene(scene.call, scene.line, onward), policy)
