"""What an answer with a status of 400 or more says, for who reads the transcript: its text, and what it may mean."""

import html
import re

from ivr.simulator.engine.effects import Response
from ivr.simulator.twiml.encoding import decoded

LONGEST_TEXT = 300  # characters of an answer that are shown
_CHARSET = re.compile(r"charset=\"?([^\s;\"]+)", re.IGNORECASE)
_HIDDEN = {"<script": "</script", "<style": "</style", "<!--": "-->"}  # up to the `>` after it
# The words of a refusal that gives no reason: of the HTTP standard, and of Werkzeug's page for 403.
_NO_REASON = re.compile(
    r"(?:(?:403|forbidden|access|denied|unauthorized|error|request|invalid|status|code|message|detail|title|success"
    r"|false|you don t have the permission to access the requested resource"
    r"|it is either read protected or not readable by the server)(?: |\Z))*"
)


def explained(reply: Response, signed: str) -> str:
    """`signed`: the text that the request's signature was made of."""
    text = body_text(reply)
    message = f"answered {reply.status}" + (f': "{text}"' if text else "")
    if "csrf" in text.lower():
        message += (
            ". This is the framework's protection of forms against CSRF, and not about the signature: a webhook has to"
            " be exempt from it (Django: @csrf_exempt)"
        )
    elif _may_be_the_signature(reply.status, text.lower()):
        message += (
            ". If it refused the signature: this text was signed, and your application must build the same from the URL"
            " that it was asked at (scheme, host and port included) and the fields. If it believes to be at another"
            f" address, name both with --public-url, e.g. https://line.example=http://127.0.0.1:3000: {signed}"
        )
    return message


def body_text(reply: Response) -> str:
    """What a person would read of the body, in one line without control characters; "" where it is no text."""
    kind = reply.header("content-type").lower()
    media = kind.partition(";")[0].strip()
    if media and not media.startswith("text/") and not media.endswith(("json", "xml")):
        return f"({media}, {len(reply.body)} bytes)" if reply.body else ""
    found = _CHARSET.search(kind)
    text = decoded(reply.body, found[1] if found else "")
    if media in ("text/html", "application/xhtml+xml") or text.lstrip()[:1] == "<":
        text = html.unescape(_visible(text)[: 20 * LONGEST_TEXT])
    elif text.startswith("Traceback (most recent call last)"):
        text = text.rstrip().rpartition("\n")[2]
    return _printable(text)


def _visible(page: str) -> str:
    """The text of a page without its tags. Looks at each character once: a page may be made to cost time."""
    parts, at, small = [], 0, page.lower()
    while (tag := small.find("<", at)) >= 0:
        parts.append(page[at:tag])
        hidden = next((end for start, end in _HIDDEN.items() if small.startswith(start, tag)), "")
        end = small.find(hidden, tag + 1)
        at = small.find(">", end) + 1 if end >= 0 else 0
        if at == 0:  # it never ends
            return " ".join(parts)
    return " ".join((*parts, page[at:]))


def _printable(text: str) -> str:
    """In one line, cut to a length that can be read; what a terminal would act on is escaped."""
    line = " ".join(text[: 20 * LONGEST_TEXT].split())
    shown = line[:LONGEST_TEXT] + ("..." if len(line) > LONGEST_TEXT else "")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)


def _may_be_the_signature(status: int, text: str) -> bool:
    """A refusal that speaks of it, or a 403 that gives no other reason."""
    if "signature" in text or "twilio" in text:
        return status in (400, 401, 403)
    return status == 403 and _NO_REASON.fullmatch(" ".join(re.findall(r"[a-z0-9]+", text))) is not None
