"""Languages from YAML, loaded together, so that none can lack what another has.

There is no falling back from one language to another: a text that is missing anywhere is a complaint at load.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.ids import NO_LANGUAGE, LanguageCode, PromptKey
from ivr.base.strict_yaml import Mapping, Sequence, Text, Value
from ivr.line.languages.catalogue import USUAL_PACE, Catalogue, Language, Texts
from ivr.line.languages.clip_index import KEY as RECORDINGS
from ivr.line.languages.clip_index import must_be_whole, not_whole, read_clips
from ivr.line.languages.files import KEYS, Source, language_files, read_source
from ivr.line.languages.meaning import KEY as MEANING
from ivr.line.languages.meaning import with_meaning
from ivr.line.languages.text import Piece, Slot, Words, parse, parse_for_chat, parse_written
from ivr.line.languages.voices import VOICES

_PACE = re.compile(r"0\.[0-9]{1,4}")  # seconds
_READ_BY = re.compile(r"\w.*\w, \d{4}-\d\d-\d\d")


def load_prompts(folder: Path) -> Catalogue:
    """Read every language of `folder`. Raises DefinitionError with all complaints of all files together."""
    complaints = Complaints()
    languages: dict[LanguageCode, Language] = {}
    readers: dict[LanguageCode, _Reader] = {}
    sources: dict[LanguageCode, Source] = {}
    for code, paths in language_files(folder).items():
        try:
            sources[code] = read_source(code, paths)
        except DefinitionError as error:
            complaints += error.complaints
    for source in sources.values():
        try:
            reader = _Reader(with_meaning(source, sources))
        except DefinitionError as error:
            complaints += error.complaints
            continue
        language = reader.read()
        complaints += reader.complaints
        if language:
            languages[language.code] = language
            readers[language.code] = reader
    if not languages and not complaints:
        raise DefinitionError([Complaint(folder.name, 0, 0, "holds no language: <code>/prompts.yaml")])
    complaints += _compare(languages, readers)
    complaints += _not_understood(languages, readers)
    of_centres = [code for code, language in languages.items() if language.centres]
    if len(of_centres) != 1 and not complaints:
        found = " and ".join(readers[code].source.file("centres") for code in of_centres) or "no file"
        message = f"`centres: true` stands in {found}; it belongs in one, that of the language which the centres speak"
        for source in [readers[code].source for code in of_centres]:
            complaints.about(source.file("centres"), source.top.key("centres"), message)
        if not of_centres:
            complaints.about(folder.name, None, message)
    complaints.done()
    unfinished = {code for code, each in languages.items() if each.meaning and not_whole(each.texts, each.clips)}
    finished = {code: language for code, language in languages.items() if code not in unfinished}
    return Catalogue(finished, of_centres[0], {code: languages[code] for code in unfinished})


class _Reader:
    """Reads one language and keeps every complaint about it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.complaints = Complaints()
        self.keys: dict[str, Text] = {}  # of texts and messages, with their places
        self.written_keys: dict[str, Text] = {}

    def read(self) -> Language | None:
        top = self.source.top
        for key in top:
            if key not in KEYS:
                self._complain(key, key, f"unknown key {key!r}; known are {', '.join(KEYS)}")
        (tag, voice), called, centres = self._voice(top), self._called(top), self._centres(top)
        digits = tuple(str(word) for word in self._list(top, "digits"))
        if len(digits) != 10:
            self._complain(top.key("digits"), "digits", "digits must be a list of ten words, from zero to nine")
        texts = self._texts(top, "texts", parse, self.keys)
        messages = self._texts(top, "messages", parse_written, self.keys) if "messages" in top else {}
        written = self._written(top, texts)
        slow = self._list(top, "slow") if "slow" in top else []
        name, hang_up = (str(self._text(top, key) or "") if key in top else "" for key in ("name", "hang_up"))
        pace, checks = self._pace(top), self._checks(top)
        understands, read_by = self._understands(top), self._read_by(top)
        clips = read_clips(top, self.source.code, texts, self._complain)
        must_be_whole(top, texts, clips, self._complain)
        for key in slow:
            if PromptKey(key) not in texts:
                self._complain(key, "slow", f"slow names {key!r}, which is not among the texts")
        if self.complaints:
            return None
        return Language(
            code=self.source.code,
            called=called,
            centres=centres,
            tag=tag,
            voice=voice,
            digits=digits,
            slow=frozenset(map(str, slow)),
            texts=texts,
            messages=messages,
            written=written,
            name=name or called,
            pace=pace,
            hang_up=hang_up,
            checks=checks,
            checks_file=self.source.file("checks"),
            clips=clips,
            understands=understands,
            read_by=read_by,
            meaning=LanguageCode(str(top.get(Text(MEANING), ""))),
        )

    def _written(self, top: Mapping, texts: Texts) -> dict[PromptKey, tuple[Piece, ...]]:
        """The written forms: one of every text that has one of the spoken words, with no slot that the text lacks."""
        if "written" not in top and "spoken_words" not in top:
            return {}
        words, written = self._list(top, "spoken_words"), self._texts(top, "written", parse_for_chat, self.written_keys)
        for key in written.keys() - texts.keys():
            self._complain(self.written_keys[key], "written", f"written names {key!r}, which is not among the texts")
        for key, pieces in texts.items():
            said = next((word for word in words if _begins_a_word(word, pieces)), None)
            if said and key not in written:
                why = "which means nothing to somebody who neither hears nor speaks"
                message = f"text {key} says {said!r}, {why}: give it a form under `written`"
                self._complain(self.keys[key], "texts", message)
            for name in _slots(written.get(key, ())) - _slots(pieces):
                message = f"the written form of {key} has {{{name}}}, its text does not"
                self._complain(self.written_keys[key], "written", message)
        return written

    def _voice(self, top: Mapping) -> tuple[str, str]:
        tag = self._text(top, "language")
        if "voice" not in top and (RECORDINGS in top or MEANING in top):
            return str(tag), ""
        voice = self._text(top, "voice")
        if voice and VOICES.get(voice) != tag:
            speakers = sorted(name for name, spoken in VOICES.items() if spoken == tag) or ["no known voice"]
            message = f"voice {voice} does not speak {tag}; these do: {', '.join(speakers)}"
            self._complain(voice, "voice", message)
        return str(tag), str(voice)

    def _centres(self, top: Mapping) -> bool:
        if top.get(Text("centres"), "true") != "true":
            message = "centres is `true`, in the file of the language that the centres speak"
            self._complain(top.key("centres"), "centres", message)
        return Text("centres") in top

    def _pace(self, top: Mapping) -> float:
        if "pace" not in top:
            return USUAL_PACE
        pace = self._text(top, "pace")
        if pace and not (_PACE.fullmatch(pace) and 0.02 <= float(pace) <= 0.2):
            self._complain(pace, "pace", "pace is the seconds that a letter takes, from 0.02 to 0.2: 0.068")
            return USUAL_PACE
        return float(pace or USUAL_PACE)

    def _checks(self, top: Mapping) -> Mapping | None:
        checks = top.get(Text("checks"))
        if isinstance(checks, Mapping | None):
            return checks
        self._complain(checks, "checks", "checks must be a mapping of words (docs/checks.md)")
        return None

    def _understands(self, top: Mapping) -> LanguageCode:
        return LanguageCode(self._text(top, "understands") or "") if "understands" in top else NO_LANGUAGE

    def _read_by(self, top: Mapping) -> str:
        if "read_by" not in top:
            return ""
        told = self._text(top, "read_by")
        if told and not _READ_BY.fullmatch(told):
            message = (
                "read_by is the native speaker who has read these texts aloud, and when: Kari Nordmann, 2026-10-01"
            )
            self._complain(told, "read_by", message)
        return str(told or "")

    def _called(self, top: Mapping) -> str:
        """The name of the language, which is spoken to the person who answers."""
        value = top.get(Text("called"))
        try:
            if isinstance(value, Text) and parse(value, slots=frozenset()) == (Words(value),):
                return str(value)
            wrong = "must be given, as text"
        except ValueError as error:
            wrong = str(error)
        about = "the name of this language in that of the centres, which the answering person hears: engelsk"
        at = value if isinstance(value, Text) else top.key("called") or top
        self._complain(at, "called", f"called {wrong}: {about}")
        return ""

    def _texts(
        self, top: Mapping, name: str, parse: Callable[[str], tuple[Piece, ...]], keys: dict[str, Text]
    ) -> dict[PromptKey, tuple[Piece, ...]]:
        block = top.get(Text(name))
        if not isinstance(block, Mapping):
            self._complain(top.key(name), name, f"{name} must be a mapping of prompt id to text")
            return {}
        texts: dict[PromptKey, tuple[Piece, ...]] = {}
        for key, value in block.items():
            try:
                texts[PromptKey(key)] = parse(value if isinstance(value, str) else "")
                keys[str(key)] = key
            except ValueError as error:
                self._complain(key, name, f"text {key} {error}")
        return texts

    def _text(self, top: Mapping, name: str) -> Text | None:
        value = top.get(Text(name))
        if isinstance(value, Text):
            return value
        self._complain(top.key(name), name, f"{name} must be given, as text")
        return None

    def _list(self, top: Mapping, name: str) -> list[Text]:
        value = top.get(Text(name))
        if isinstance(value, Sequence):
            return [item for item in value if isinstance(item, Text)]
        self._complain(top.key(name), name, f"{name} must be given, as a list")
        return []

    def _complain(self, at: Value | None, key: str, message: str) -> None:
        """`key`: the one of the language that this is about, which says in which file it stands."""
        self.complaints.about(self.source.file(key), at, message)


def _compare(languages: dict[LanguageCode, Language], readers: dict[LanguageCode, _Reader]) -> Complaints:
    """Hold every language against every other: the same texts, with the same slots."""
    complaints = Complaints()
    for code, language in languages.items():
        for other in languages.values():
            own, others = readers[code], readers[other.code].source
            complaints += _lacking("texts", own, language.texts, other.texts, others)
            complaints += _lacking("messages", own, language.messages, other.messages, others)
            complaints += _lacking("written", own, language.written, other.written, others)
    return complaints


def _not_understood(
    languages: dict[LanguageCode, Language], readers: dict[LanguageCode, _Reader]
) -> Iterator[Complaint]:
    """`understands` names a language in which all is said."""
    for code, language in languages.items():
        if language.understands:
            other = languages.get(language.understands)
            if other is None or other.understands:
                message = f"understands names {language.understands!r}, which is no language in which all is said"
                source = readers[code].source
                at = source.top[Text("understands")]
                yield Complaint(source.file("understands"), at.line, at.column, message)


def _lacking(block: str, reader: _Reader, own: Texts, others: Texts, other: Source) -> Iterator[Complaint]:
    file, other_file = reader.source.file(block), other.file(block)
    what, places = ("written form", reader.written_keys) if block == "written" else ("text", reader.keys)
    for key in sorted(others.keys() - own.keys()):
        yield Complaint(file, 0, 0, f"{what} {key} is missing ({other_file} has it)")
    for key in sorted(own.keys() & others.keys()):
        lacked = _slots(others[key]) - _slots(own[key])
        if lacked:
            missing = ", ".join(f"{{{name}}}" for name in sorted(lacked))
            message = f"{what} {key} lacks {missing}, which {other_file} has"
            yield Complaint(file, places[key].line, places[key].column, message)


def _begins_a_word(word: str, pieces: tuple[Piece, ...]) -> bool:
    text = " ".join(piece.text for piece in pieces if isinstance(piece, Words))
    return re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) is not None


def _slots(pieces: tuple[Piece, ...]) -> set[str]:
    return {piece.name for piece in pieces if isinstance(piece, Slot)}
