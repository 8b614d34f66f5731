"""What is said: menus announce the keys they have, in order and with a purpose; nothing is left unsaid or unused."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ivr.base.ids import LanguageCode, PromptKey
from ivr.line.flow.engine import ACCEPT_KEY
from ivr.line.flow.turn import RETRY
from ivr.line.languages import Language, Piece, Slot, Words
from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found
from ivr.proof.check.situations import CHOICES, Situation
from ivr.proof.check.speech import HeardSpeech
from ivr.proof.check.spoken_patterns import Announced, announced, search
from ivr.proof.check.stimuli import Did

MOST_CHOICES = 4
MENU_SECONDS = 20.0  # of one text that announces keys


def languages_known(subject: Subject) -> Iterator[Found]:
    for code in subject.flow.languages:
        if code not in subject.words:
            where = ("language", code, "language")
            yield Found(where, f"the checker has no words for {code!r}: nothing that it says could be checked")


def menus(subject: Subject) -> Iterator[Found]:
    """Each menu, in each language and in each way in which it is spoken."""
    for situation in subject.worded_menus:
        if subject.chooses_language(situation):
            yield from _language_menu(subject, situation)
            continue
        active = situation.moves.choices
        if len(active) > MOST_CHOICES:
            message = f"{len(active)} choices; at most {MOST_CHOICES}, so that they can be remembered"
            yield Found(("node", situation.node, "choices"), message)
        for code in subject.languages(situation):
            heard = in_language(subject, situation, code)
            told = subject.announced(situation, code)
            where = _prompt(subject, heard, code)
            yield from (Found(where, message) for message in _announcing(subject, heard, told, code, active))


def in_language(subject: Subject, situation: Situation, code: LanguageCode) -> list[HeardSpeech]:
    return [each for each in subject.heard(situation, code) if each.language == code]


def _prompt(subject: Subject, heard: list[HeardSpeech], code: LanguageCode) -> tuple[str, ...]:
    """The prompt to mend: the last one that announces a key, else the last one."""
    telling = [each for each in heard if announced(each.text, subject.words[code])] or heard
    return ("prompt", code, telling[-1].key) if telling else ("flow",)


def _announcing(
    subject: Subject, heard: list[HeardSpeech], told: list[Announced], code: LanguageCode, active: str
) -> Iterator[str]:
    keys = "".join(each.key for each in told if each.key in CHOICES)
    if sorted(keys) != sorted(active):
        yield f"announces the keys {keys or 'none'}, and the menu has {active or 'none'}"
    elif list(keys) != sorted(keys):
        yield f"announces the keys in the order {keys}"
    for each in told:
        if each.key in CHOICES and not re.search(r"[^\W\d_]", each.clause):
            yield f"tells key {each.key} before what it is for"
    for text in heard:
        count = search(subject.words[code].choices, text.text)
        if count and count[1].lower() != subject.catalogue.languages[code].digits[len(active)]:
            yield f"says {count[0]!r}, and the menu has {len(active)}"
        keys_told = announced(text.text, subject.words[code])
        takes = text.seconds * keys_told[-1].end / len(text.text) if keys_told else 0.0
        if takes > MENU_SECONDS:
            yield f"takes {takes:.1f} s to tell the keys; at most {MENU_SECONDS:.0f}"


def _language_menu(subject: Subject, situation: Situation) -> Iterator[Found]:
    """Each language is offered in its own words, by the key that chooses it."""
    for code in subject.codes:
        heard = in_language(subject, situation, code)
        keys = [each.key for each in subject.announced(situation, code) if each.key in CHOICES]
        wanted = [
            move.doing.key
            for key in CHOICES
            for move in situation.on(Did.KEY, key)
            if not move.misunderstood and _chooses(subject, situation, move.doing.key, code)
        ]
        if keys != wanted:
            message = f"offers its language by the keys {keys}, and the menu has {wanted} for it"
            yield Found(_prompt(subject, heard, code), message)


def _chooses(subject: Subject, situation: Situation, key: str, code: LanguageCode) -> bool:
    return subject.node(situation).languages.get(key) == code


def global_keys(subject: Subject) -> Iterator[Found]:
    """Where a text names 9 it speaks of danger, and of a person where it names 0. Behind key 9, 9 is "again"."""
    for situation in subject.worded_menus:
        for code in subject.languages(situation):
            words = subject.words[code]
            for text in in_language(subject, situation, code):
                for each in announced(text.text, words):
                    wanted = {"9": words.danger, "0": words.person}.get(each.key)
                    again = each.key == "9" and situation.node == subject.flow.red_flag
                    if wanted and not again and not search(wanted, text.text):
                        yield Found(
                            ("prompt", code, text.key), f"gives key {each.key} another meaning: {each.clause!r}"
                        )


def entries(subject: Subject) -> Iterator[Found]:
    """An entry says how many digits it takes, and which key ends it."""
    for situation in subject.situations:
        listen, own = situation.listen, subject.flow.nodes[situation.node].prompts()
        if not subject.node(situation).entry or not listen:
            continue
        for code in subject.languages(situation):
            heard = [each for each in in_language(subject, situation, code) if each.key in own]
            text = " ".join(each.text for each in heard).lower()
            digit = subject.catalogue.languages[code].digits[listen.digits]
            where = _prompt(subject, heard, code)
            if not re.search(rf"\b{digit}", text):
                yield Found(where, f"does not say that {listen.digits} keys are wanted ({digit!r})")
            keys = {each.key for said in heard for each in announced(said.text, subject.words[code])}
            if listen.finish_on not in keys:
                yield Found(where, f"does not tell the key {listen.finish_on} that ends the entry")


def whispers(subject: Subject) -> Iterator[Found]:
    """The answering person hears which key takes the call; and each whisper has a text of its own."""
    whisper, code = subject.flow.whisper, subject.catalogue.names_in
    texts = subject.catalogue.languages[code].texts
    spoken = "".join(piece.text for piece in texts[whisper.accept] if isinstance(piece, Words))
    if code in subject.words and [each.key for each in announced(spoken, subject.words[code])] != [ACCEPT_KEY]:
        message = f"the person who answers is not told key {ACCEPT_KEY}, which takes the call"
        yield Found(("prompt", code, whisper.accept), message)
    if len(set(whisper.prompts())) < len(whisper.prompts()):
        yield Found(("flow", "whisper"), "two whispers are the same prompt")
    slots = subject.catalogue.slots
    if not slots(whisper.place) or slots(whisper.no_place):
        yield Found(("flow", "whisper", "place"), "the whisper with a place does not name it, or the one without does")
    if [key for key in texts if "language" in slots(key)] != [whisper.language]:
        message = "the whisper about the caller's language does not name it as {language}, or another text does"
        yield Found(("flow", "whisper", "language"), message)


def untranslated(subject: Subject) -> Iterator[Found]:
    """A language without texts of its own has those of another one, whose meaning is recorded."""
    first, *others = (subject.catalogue.languages[code] for code in subject.flow.languages)
    for other in (each for each in others if not each.meaning):
        for key, pieces in _worded({**other.texts, **other.messages}).items():
            if pieces == {**first.texts, **first.messages}[key]:
                message = f"text {key} is the same in {first.code!r} and {other.code!r}: not translated?"
                yield Found(("prompt", other.code, key), message)


def _worded(texts: Mapping[PromptKey, tuple[Piece, ...]]) -> dict[PromptKey, tuple[Piece, ...]]:
    """Those that say more than one word: a name and a number are the same in every language, and a single "for" between
    two names in languages that are close."""
    words = {
        key: re.findall(r"[^\W\d_]+", " ".join(piece.text for piece in pieces if isinstance(piece, Words)))
        for key, pieces in texts.items()
    }
    return {key: texts[key] for key, found in words.items() if len(found) > 1}


def same_in_all(subject: Subject) -> Iterator[Found]:
    """A text that names 113, a key or fills a slot does so in every language, as often. The keys that choose a language
    are not the same: each is offered in its own words."""
    flow = subject.flow
    offers = {key for name, node in flow.described.items() if node.languages for key in flow.nodes[name].prompts()}
    for key in subject.catalogue.languages[subject.flow.languages[0]].texts:
        if key in offers:
            continue
        counts = {code: _named(subject, code, key) for code in subject.codes}
        for code, mine in counts.items():
            for theirs in counts.values():
                for what in theirs - mine:
                    message = f"text {key} has {what} {mine[what]}×, and {theirs[what]}× in another language"
                    yield Found(("prompt", code, key), message)


def _named(subject: Subject, code: LanguageCode, key: PromptKey) -> Counter[str]:
    pieces = subject.catalogue.languages[code].texts[key]
    found = Counter(f"{{{piece.name}}}" for piece in pieces if isinstance(piece, Slot))
    text = " ".join(piece.text for piece in pieces if isinstance(piece, Words))
    told = len(re.findall(rf"\b{subject.catalogue.languages[code].emergency_number}\b", text))
    keys = announced(text, subject.words[code])
    return found + Counter({"113": told}) + Counter(f"key {each.key}" for each in keys)


def names(subject: Subject) -> Iterator[Found]:
    for node in subject.flow.nodes:
        if not re.fullmatch(r"[a-z0-9_]+", node):
            yield Found(("node", node), f"the id {node!r} is not of the letters a-z, 0-9 and _")
    for language in subject.catalogue.languages.values():
        for key in (*language.texts, *language.messages):
            if not re.fullmatch(r"[A-Z0-9_]+", key):
                yield Found(("prompt", language.code, key), f"the id {key!r} is not of the letters A-Z, 0-9 and _")


def unused(subject: Subject) -> Iterator[Found]:
    flow = subject.flow
    spoken = {RETRY, *flow.whisper.prompts(), *flow.fault, *flow.fault_ring, *flow.fault_rung}
    spoken |= {heard.key for each in subject.each for heard in each.all_heard}
    spoken |= {*flow.nodes[flow.resume].prompts(), *flow.left_out}
    first: Language = subject.catalogue.languages[flow.languages[0]]
    for key in first.texts:
        if key not in spoken:
            yield Found(("prompt", first.code, key), f"text {key} is never spoken")
