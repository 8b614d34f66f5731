"""<ConversationRelay> inside <Connect>: a program converses with the caller in text. <Language> and <Parameter> in it.

Source T:connect/conversationrelay: url wss only; language en-US; welcomeGreeting none; interruptible,
welcomeGreetingInterruptible any; reportInputDuringAgentSpeech none; dtmfDetection and preemptible false. A value that
does not exist is T:64106, and the default is used (ours); voices, providers, models and what else only real speech
could show is read and not judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.simulator.twiml.parameters import read_parameter, refuse_child
from ivr.simulator.twiml.schema import SCHEMA_WARNING, Issue, Reading
from ivr.simulator.twiml.xml import Element

_SPEECH = (
    "ttsProvider",
    "voice",
    "transcriptionProvider",
    "speechModel",
    "hints",
    "asrSmartFormat",
    "ttsTextNormalization",
    "ttsLanguageTextNormalization",
)
_KNOWN = (
    "url",
    "language",
    "ttsLanguage",
    "transcriptionLanguage",
    "welcomeGreeting",
    "welcomeGreetingInterruptible",
    "interruptible",
    "interruptSensitivity",
    "dtmfDetection",
    "reportInputDuringAgentSpeech",
    "preemptible",
    "profanityFilter",
    "intelligenceService",
    "conversationConfiguration",
    "elevenlabsTextNormalization",
    "elevenlabsLanguageTextNormalization",
    "backgroundNoiseReduction",
    "speechTimeout",
    "deepgramSmartFormat",
    "ignoreBackchannel",
    "eotThreshold",
    "eagerEotThreshold",
    "includeInPrompt",
    "customerName",
    "echoPromptFiltering",
    "turnDetection",
    *_SPEECH,
)
# What would send the application more messages than are simulated.
_IGNORED = ("debug", "events", "partialPrompts", "partialPromptOnHangup", "applicationReconnect")
INPUTS = ("none", "dtmf", "speech", "any")
_OLD = {"true": "any", "false": "none"}  # as they were written at first
BAD_ARGUMENT = 64106
DEFAULT_LANGUAGE = "en-US"


@dataclass(frozen=True, slots=True)
class ConversationRelay:
    """`interruptible`, `greeting_interruptible`, `reported`: none, dtmf, speech or any. `voices`: by language."""

    url: str
    greeting: str
    greeting_interruptible: str
    interruptible: str
    reported: str
    dtmf: bool
    preemptible: bool
    spoken: str
    heard: str
    voices: Mapping[str, str | None]
    parameters: tuple[tuple[str, str], ...]
    line: int
    column: int
    voice: str | None = field(default=None)


def read(element: Element, issues: list[Issue]) -> ConversationRelay:
    reading = Reading(element, issues, (*_KNOWN, *_IGNORED), _IGNORED)
    parameters, voices = [], {}
    for child in element.elements:
        if child.name == "Parameter":
            parameters.append(read_parameter(child, issues))
        elif child.name == "Language":
            voices.update(_language(child, issues))
        else:
            refuse_child(child, "ConversationRelay", issues)
    language = reading.text("language") or DEFAULT_LANGUAGE
    return ConversationRelay(
        url=(reading.text("url") or "").strip(),
        greeting=" ".join((reading.text("welcomeGreeting") or "").split()),
        greeting_interruptible=_input(reading, "welcomeGreetingInterruptible", "any"),
        interruptible=_input(reading, "interruptible", "any"),
        reported=_input(reading, "reportInputDuringAgentSpeech", "none"),
        dtmf=reading.flag("dtmfDetection", False, BAD_ARGUMENT),
        preemptible=reading.flag("preemptible", False, BAD_ARGUMENT),
        spoken=reading.text("ttsLanguage") or language,
        heard=reading.text("transcriptionLanguage") or language,
        voices=voices,
        parameters=tuple(each for each in parameters if each is not None),
        line=element.line,
        column=element.column,
        voice=reading.text("voice"),
    )


def _input(reading: Reading, name: str, default: str) -> str:
    word = reading.choice(name, default, (*INPUTS, *_OLD), BAD_ARGUMENT)
    return _OLD.get(word, word)


def _language(element: Element, issues: list[Issue]) -> dict[str, str | None]:
    """The voice of a language that the conversation may change to."""
    reading = Reading(element, issues, ("code", *_SPEECH))
    code = reading.text("code")
    if not code:
        reading.warn(SCHEMA_WARNING, "<Language> without a code is ignored")
        return {}
    return {code: reading.text("voice")}
