"""Text messages: what is written to a caller's phone, about every centre, in every language, on a practice line too."""

import re
from collections.abc import Iterator

from ivr.base.ids import PromptKey
from ivr.line.flow.turn import written_slots
from ivr.line.languages import WRITTEN_SLOTS, Language, Slot
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found

MOST_SEGMENTS = 2
# GSM 03.38, which every phone has; those of `_TWICE` take two places. Any other character makes UCS-2 of the whole, and
# that has less than half the room. twilio.com/docs/glossary/what-is-gsm-7-character-encoding
_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€")
_IN_ONE_BYTE = _GSM_7 | _TWICE


def segments(text: str) -> int:
    """How many SMS a text takes: 160 characters fit into one and 153 into each of several; 70 and 67 in UCS-2."""
    if _IN_ONE_BYTE.issuperset(text):
        length, alone, each = len(text) + sum(map(text.count, _TWICE)), 160, 153
    else:
        length, alone, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // each)


def written(subject: Subject) -> Iterator[Found]:
    """It begins with 113, tells the centre and its number, says on a practice line that it is one, and is short."""
    for name, node in subject.flow.described.items():
        for field, keys in node.messages.items():
            for code in subject.codes:
                language = subject.catalogue.languages[code]
                for message in _wrong(subject, language, keys, practice=field.endswith("in_practice")):
                    yield Found(("node", name, field), f"in {code!r} the text message {message}")


def _wrong(subject: Subject, language: Language, keys: tuple[PromptKey, ...], *, practice: bool) -> Iterator[str]:
    slots = {piece.name for key in keys for piece in language.messages[key] if isinstance(piece, Slot)}
    if slots < WRITTEN_SLOTS:
        yield f"does not tell {', '.join(f'{{{name}}}' for name in sorted(WRITTEN_SLOTS - slots))}"
    centres = subject.directory.centres.values()
    longest = max(
        (language.write(keys, written_slots(each)) for each in centres), key=lambda text: (segments(text), len(text))
    )
    if re.findall(r"\d+", longest)[:1] != ["113"]:
        yield "does not begin with 113"
    if practice and not re.search(subject.words[language.code].practice, longest, re.IGNORECASE):
        yield "does not say that this is a practice line, and 116 117 a real one"
    if segments(longest) > MOST_SEGMENTS:
        yield f"takes {segments(longest)} segments of an SMS, at most {MOST_SEGMENTS}: {longest!r}"


def unused(subject: Subject) -> Iterator[Found]:
    sent = {key for node in subject.flow.described.values() for keys in node.messages.values() for key in keys}
    code = subject.flow.languages[0]
    for key in subject.catalogue.languages[code].messages:
        if key not in sent:
            yield Found(("prompt", code, key), f"text {key} is never sent")
