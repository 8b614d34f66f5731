"""The voices of <Say>, and the languages that each speaks. Data, and one question: what is wrong with a voice?

Source T:say voice, and the list in Twilio's own libraries (twilio-node 5, SayVoice). Polly's voices are listed by name;
Google's follow a pattern of language, family and name; ElevenLabs' are ids. The basic voices (man, woman, alice) are
taken to speak every language (ours: Twilio maps them to voices of other makers).
"""

import re
import unicodedata

from ivr.base.complaints import suggestion
from ivr.simulator.twiml.languages import SPOKEN

_BASIC = ("man", "woman", "alice")
_POLLY_LANGUAGES = """
    ar-AE Hala Zayd; arb Zeina; ca-ES Arlet; cmn-CN Zhiyu; cs-CZ Jitka; cy-GB Gwyneth; da-DK Mads Naja Sofie;
    de-AT Hannah; de-CH Sabrina; de-DE Daniel Hans Marlene Vicki; en-AU Nicole Olivia Russell;
    en-GB Amy Arthur Brian Emma; en-GB-WLS Geraint; en-IE Niamh; en-IN Aditi Kajal Raveena; en-NZ Aria;
    en-US Danielle Gregory Ivy Joanna Joey Justin Kendra Kevin Kimberly Matthew Ruth Salli Stephen; en-ZA Ayanda;
    es-ES Conchita Enrique Lucia Sergio; es-MX Andres Mia; es-US Lupe Miguel Pedro Penelope; fi-FI Suvi;
    fr-BE Isabelle; fr-CA Chantal Gabrielle Liam; fr-FR Celine Lea Mathieu Remi; hi-IN Aditi Kajal; is-IS Dora Karl;
    it-IT Adriano Bianca Carla Giorgio; ja-JP Kazuha Mizuki Takumi Tomoko; ko-KR Jihye Seoyeon; nb-NO Ida Liv;
    nl-BE Lisa; nl-NL Laura Lotte Ruben; pl-PL Ewa Jacek Jan Maja Ola; pt-BR Camila Ricardo Thiago Vitoria;
    pt-PT Cristiano Ines; ro-RO Carmen; ru-RU Maxim Tatyana; sv-SE Astrid Elin; tr-TR Burcu Filiz; yue-CN Hiujin
"""
_NEURAL_LIST = """
    Adriano Amy Andres Aria Arlet Arthur Ayanda Bianca Brian Burcu Camila Daniel Danielle Elin Emma Gabrielle Gregory
    Hala Hannah Hiujin Ida Ines Isabelle Ivy Jihye Jitka Joanna Joey Justin Kajal Kazuha Kendra Kevin Kimberly Laura
    Lea Liam Lisa Lucia Lupe Matthew Mia Niamh Ola Olivia Pedro Remi Ruth Sabrina Salli Seoyeon Sergio Sofie Stephen
    Suvi Takumi Thiago Tomoko Vicki Vitoria Zayd Zhiyu
"""
_NEURAL = frozenset(_NEURAL_LIST.split())
_NEURAL_ONLY_LIST = """
    Adriano Andres Aria Arlet Arthur Ayanda Burcu Daniel Danielle Elin Gabrielle Gregory Hala Hannah Hiujin Ida
    Isabelle Jihye Jitka Kajal Kazuha Laura Liam Lisa Niamh Ola Olivia Pedro Remi Ruth Sabrina Sergio Sofie Stephen
    Suvi Thiago Tomoko Zayd
"""
_NEURAL_ONLY = frozenset(_NEURAL_ONLY_LIST.split())
_GOOGLE = re.compile(
    r"Google\.([A-Za-z]{2,3}-[A-Za-z]{2})-(?:(?:Standard|Wavenet|Neural2)-[A-Z]|Chirp3-HD-[A-Z][a-z]+)"
)
_ELEVEN_LABS = re.compile(r"ElevenLabs\.[A-Za-z0-9]{20}(?:-.+)?")


def _by_name() -> dict[str, tuple[str, ...]]:
    """The languages of each of Polly's voices, in lower case."""
    found: dict[str, tuple[str, ...]] = {}
    for group in _POLLY_LANGUAGES.split(";"):
        language, *names = group.split()
        for name in names:
            found[name] = (*found.get(name, ()), language.lower())
    return found


_POLLY = _by_name()


def wrong_voice(voice: str | None, language: str | None) -> str:
    """What is wrong with this voice for this language, as a sentence without its full stop; "" when nothing is.

    None: the attribute is not there, and the voice's own language, or any voice of the language, is used.
    """
    if voice is not None and voice.lower() not in _BASIC:
        spoken = _languages_of(voice)
        if spoken is None:
            return f"Twilio has no voice {voice!r}{_hint(voice)}"
        if language is not None and spoken and language.lower() not in spoken:
            return f"voice {voice!r} does not speak {language!r} (it speaks {', '.join(spoken)})"
    if language is not None and language.lower() not in SPOKEN:
        return f"Twilio has no voice for language {language!r}"
    return ""


def _languages_of(voice: str) -> tuple[str, ...] | None:
    """Empty for a voice of any language; None when there is no such voice."""
    plain = _without_accents(voice)
    if match := _GOOGLE.fullmatch(plain):
        language = match[1].lower()
        return (language,) if language in SPOKEN else None
    if _ELEVEN_LABS.fullmatch(plain):
        return ()
    maker, _, rest = plain.partition(".")
    name, _, engine = rest.partition("-")
    exists = {"": name not in _NEURAL_ONLY, "Neural": name in _NEURAL, "Generative": True}.get(engine, False)
    return _POLLY.get(name) if maker == "Polly" and exists else None


def _without_accents(voice: str) -> str:
    """Twilio writes both Polly.Mia and Polly.Mía."""
    return "".join(part for part in unicodedata.normalize("NFKD", voice) if not unicodedata.combining(part))


def _hint(voice: str) -> str:
    names = [f"Polly.{name}{'-Neural' if name in _NEURAL_ONLY else ''}" for name in _POLLY]
    return suggestion(voice, [*_BASIC, *names])
