"""The page as a whole: a server in front of somebody's webhook, or of a line of its own for each phone."""

from ivr.phone_page.desk import Desk, Front
from ivr.phone_page.line import pictured
from ivr.phone_page.phone import Phone, Target
from ivr.phone_page.server import PageServer
from ivr.phone_page.speech import Speaker

__all__ = ["Target", "open_page"]


def open_page(target: Target | None = None, port: int = 0, speaker: Speaker | None = None) -> PageServer:
    """`target`: None for the bundled line. The server answers until it is closed.

    Raises OSError when the port is taken, DefinitionError when the bundled line's files are wrong.
    """
    line = pictured() if target is None else None
    plan = line.plan if line else None
    front = Front(target.url if target else "", plan, line.centres if line else ())
    return PageServer(
        Desk(front, lambda written: Phone(target, plan, written=written), speaker or Speaker.installed()), port
    )
