"""The page as a whole: a server in front of somebody's webhook, or of a line of its own for each phone."""

from ivr.simulator.web_phone.line import pictured
from ivr.simulator.web_phone.page_handler import Front, PageHandler
from ivr.simulator.web_phone.phone import Phone, Webhook
from ivr.simulator.web_phone.server import PageServer
from ivr.simulator.web_phone.speech import Speaker

__all__ = ["Webhook", "open_page"]


def open_page(target: Webhook | None = None, port: int = 0, speaker: Speaker | None = None) -> PageServer:
    """`target`: None for the bundled line. The server answers until it is closed.

    Raises OSError when the port is taken, DefinitionError when the bundled line's files are wrong.
    """
    line = pictured() if target is None else None
    plan = line.plan if line else None
    front = Front(target.url if target else "", plan)
    if line is not None:
        front = Front("", plan, line.centres, line.texts, line.digits)
    speaker = speaker or Speaker.installed()
    voice = speaker.seconds if speaker.can_speak else None
    return PageServer(
        PageHandler(front, lambda written: Phone(target, plan, written=written, voice=voice), speaker), port
    )
