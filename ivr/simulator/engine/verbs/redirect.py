"""Redirect: on with the document that it names. T:redirect."""

from ivr.simulator.engine.documents import next_document
from ivr.simulator.engine.effects import Steps
from ivr.simulator.engine.scene import Scene
from ivr.simulator.twiml import Document
from ivr.simulator.twiml.redirect import Redirect


def execute(scene: Scene, verb: Redirect) -> Steps[Document]:
    """The document to go on with."""
    scene.pick_up()
    return (yield from next_document(scene, verb.url, verb.method, "redirect"))
