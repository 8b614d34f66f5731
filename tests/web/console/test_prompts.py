"""The page of prompts: every text of the loaded flow, where it is said, its seconds and its voice."""

import re
from dataclasses import replace
from html import unescape

from ivr.line.languages.clips import Clip, runs
from ivr.line.service.bootstrap import Edition
from ivr.operations.recordings.script import places_of_prompts
from ivr.proof.check.speech import SpeechLengths
from tests.web.console.conftest import Maker
from tests.web.console.operator import Operator, forms_of, words


def _operator(make_app: Maker, edition: Edition) -> Operator:
    operator = Operator(make_app(edition))
    assert operator.log_in().status_code == 303
    return operator


def _blocks(page: str) -> dict[str, str]:
    """The part of the table about each prompt."""
    return {found[1]: found[0] for found in re.findall(r"(<tbody>.*?<code>(\w+)</code>.*?</tbody>)", page, re.DOTALL)}


def test_every_prompt_of_every_language_has_its_text_its_nodes_and_its_seconds(
    make_app: Maker, edition: Edition
) -> None:
    page = _operator(make_app, edition).get("/prompts")
    blocks, flow, catalogue = _blocks(page.text), edition.engine.flow, edition.catalogue
    speech, places = SpeechLengths(catalogue), places_of_prompts(flow)
    assert blocks.keys() == next(iter(catalogue.languages.values())).texts.keys()
    for key, block in blocks.items():
        assert block.count("<tr>") == len(flow.languages)
        for code, language in catalogue.languages.items():
            first = next(piece.text for piece in language.texts[key] if hasattr(piece, "text") and piece.text.strip())
            assert first.strip() in unescape(block), key
            assert f"{speech.length(key, code):.1f} s" in block
        titles = flow.titles[next(code for code in flow.languages if code != catalogue.names_in)]
        assert all(titles[node] in unescape(block) for node in places.get(key, ()) if node in titles)
    assert "0 recorded, the others by the voice Polly.Ida-Neural" in words(page)
    assert words(page).count("No native speaker has read them aloud.") == len(catalogue.unread)


def test_nothing_can_be_changed_there(make_app: Maker, edition: Edition) -> None:
    forms = forms_of(_operator(make_app, edition).get("/prompts"))
    assert [form.action for form in forms] == ["/console/logout"]


def test_a_prompt_whose_words_are_all_recorded_is_told_as_a_recording(make_app: Maker, edition: Edition) -> None:
    catalogue, code = edition.catalogue, edition.catalogue.names_in
    language = catalogue.languages[code]
    whole, half = [key for key, text in language.texts.items() if sum(bool(clip) for clip, _ in runs(key, text)) > 1][
        :2
    ]
    clips = {clip: Clip("x.wav", 2.0, code) for clip, _ in runs(whole, language.texts[whole]) if clip}
    part = next(clip for clip, _ in runs(half, language.texts[half]) if clip)
    spoken = replace(language, clips={**clips, part: Clip("y.wav", 2.0, code)})
    changed = replace(catalogue, languages={**catalogue.languages, code: spoken})
    page = _operator(make_app, replace(edition, catalogue=changed)).get("/prompts")
    told = {key: block.count("a recording") for key, block in _blocks(page.text).items()}
    assert {key for key, count in told.items() if count} == {whole}
    assert "1 recorded" in words(page)
