"""The page as a whole: a server in front of somebody's webhook, or of a line of its own for each phone."""

from functools import cache

from ivr.simulator.media.speaker import Speaker
from ivr.simulator.rest_server import RestServer
from ivr.simulator.web_phone.line import BundledLine, load_line, pictured
from ivr.simulator.web_phone.page_handler import Front, PageHandler
from ivr.simulator.web_phone.phone import Phone, Webhook
from ivr.simulator.web_phone.server import PageServer

__all__ = ["Webhook", "open_page"]


def open_page(  # noqa: PLR0913 - each can be left out
    target: Webhook | None = None,
    port: int = 0,
    speaker: Speaker | None = None,
    *,
    of_the_line: bool = False,
    rest: RestServer | None = None,
    announcement: str = "",
) -> PageServer:
    """`target`: None for the bundled line. `of_the_line`: the target is the bundled line in another process, and
    the page shows its flow. `rest`: where the application finds the calls of the page. `announcement`: of the bundled
    line, as `load_line` has it. The server answers until it is closed.

    Raises OSError when the port is taken, DefinitionError when the bundled line's files are wrong.
    """
    loaded = cache(lambda written: load_line(announcement, written=written))  # read once for all phones of the page
    front = Front(target.url, from_=target.from_, to=target.to) if target else Front("")
    has_line = target is None or of_the_line
    if has_line:
        line = pictured(loaded(False).edition)
        front = Front("", line.plan, line.centres, line.texts, line.digits, has_clock=target is None)
    speaker = speaker or Speaker.installed()
    voice = speaker.seconds if speaker.can_speak else None

    def make(written: bool) -> Phone:
        """The text chat has the written words of a line of its own."""
        if target is None or (written and has_line):
            return Phone(BundledLine(loaded(written)), front.plan, voice=voice)
        return Phone(target, front.plan, voice=voice, rest=rest)

    return PageServer(PageHandler(front, make, speaker), port)
