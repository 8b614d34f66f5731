"""Speech recognition in <Gather>: the models, the languages that each knows, and what is masked. Data and questions.

Source T:gather speechModel, language, profanityFilter; T:13331: a language that the model does not know makes the
Gather fail. Which languages Google and Deepgram know is taken from Twilio's own libraries (twilio-node 5,
GatherLanguage) and Deepgram's overview of models. Which words count as profane is ours: Twilio does not list them.
"""

import re

GENERIC_MODELS = (
    "default",
    "numbers_and_commands",
    "phone_call",
    "experimental_conversations",
    "experimental_utterances",
)
GOOGLE_MODELS = ("googlev2_long", "googlev2_short", "googlev2_telephony", "googlev2_telephony_short")
_DEEPGRAM = re.compile(r"deepgram_nova-[23](?:-[a-z]+)?")

_PHONE_CALL = frozenset(["en-us", "en-gb", "en-au", "fr-fr", "fr-ca", "ja-jp", "ru-ru", "es-us", "es-es", "pt-br"])
_EXPERIMENTAL_LIST = """
    da-dk de-de en-au en-gb en-in en-us es-es es-us fi-fi fr-ca fr-fr hi-in ja-jp ko-kr mk-mk nl-nl no-no pl-pl pt-br
    pt-pt ro-ro ru-ru th-th tr-tr uk-ua vi-vn
"""
_EXPERIMENTAL = frozenset(_EXPERIMENTAL_LIST.split())
_GOOGLE_LIST = """
    af-za am-et ar-ae ar-bh ar-dz ar-eg ar-il ar-iq ar-jo ar-kw ar-lb ar-ma ar-om ar-ps ar-qa ar-sa ar-tn ar-xa as-in
    ast-es az-az be-by bg-bg bn-bd bn-in bs-ba ca-es ceb-ph ckb-iq cmn-hans-cn cmn-hant-tw cs-cz cy-gb da-dk de-at
    de-ch de-de el-gr en-au en-ca en-gb en-gh en-hk en-ie en-in en-ke en-ng en-nz en-ph en-pk en-sg en-tz en-us en-za
    es-ar es-bo es-cl es-co es-cr es-do es-ec es-es es-gt es-hn es-mx es-ni es-pa es-pe es-pr es-py es-sv es-us es-uy
    es-ve et-ee eu-es fa-ir fi-fi fil-ph fr-be fr-ca fr-ch fr-fr ga-ie gl-es gu-in ha-ng he-il hi-in hr-hr hu-hu hy-am
    id-id ig-ng is-is it-ch it-it iw-il ja-jp jv-id ka-ge kea-cv kk-kz km-kh kn-in ko-kr ky-kg lb-lu ln-cd lo-la lt-lt
    luo-ke lv-lv mi-nz mk-mk ml-in mn-mn mr-in ms-my mt-mt my-mm nar-iq nb-no ne-np nl-be nl-nl no-no ny-mw oc-fr
    om-et or-in pa-guru-in pl-pl ps-af pt-br pt-pt ro-ro ru-ru rup-bg rw-rw sd-in si-lk sk-sk sl-si sn-zw so-so sq-al
    sr-rs st-za su-id sv-se sw sw-ke sw-tz ta-in ta-lk ta-my ta-sg te-in tg-tj th-th tn-latn-za tr-tr ts-za uk-ua
    umb-ao ur-in ur-pk uz-uz ve-za vi-vn wo-sn xh-za yo-ng yue-hant-hk zh zh-tw zu-za
"""
_GOOGLE = frozenset(_GOOGLE_LIST.split())
_NOVA_2_LIST = """
    bg ca cs da de el en es et fi fr hi hu id it ja ko lt lv ms nb nl no pl pt ro ru sk sv th tr uk vi zh
"""
_NOVA_2 = frozenset(_NOVA_2_LIST.split())
_UNFILTERED = re.compile(r"es-(?!es$)\w+|vi-vn|de-ch")  # generic models do not mask these (T:gather profanityFilter)
_PROFANE_LIST = """
    asshole assholes bastard bastards bitch bitches bullshit cunt cunts dickhead fuck fucked fucker fuckers fucking
    goddamn motherfucker motherfuckers motherfucking shit shitty drittsekk faen fitte helvete jævla kukk
"""
_PROFANE = frozenset(_PROFANE_LIST.split())
_WORD = re.compile(r"\w+")


def is_model(model: str) -> bool:
    return model in (*GENERIC_MODELS, *GOOGLE_MODELS) or _DEEPGRAM.fullmatch(model) is not None


def knows(model: str | None, language: str) -> bool:
    """Whether a Gather with this model (None: no model named) can recognise this language."""
    tag = language.lower()
    match model:
        case "phone_call":
            return tag in _PHONE_CALL
        case "experimental_conversations" | "experimental_utterances":
            return tag in _EXPERIMENTAL or tag.startswith("ar-")
        case "numbers_and_commands":
            return tag.partition("-")[0] in _NOVA_2
        case str() if model.startswith("deepgram_"):
            return tag.partition("-")[0] in _NOVA_2 or (tag == "multi" and model.startswith("deepgram_nova-3"))
        case _:
            return tag in _GOOGLE


def is_language(language: str) -> bool:
    """Whether any model knows it."""
    return knows(None, language) or knows("deepgram_nova-3", language)


def is_filtered(model: str | None, language: str) -> bool:
    """Whether profanity can be masked at all with this model and language."""
    if model is None or model in GENERIC_MODELS:
        return model != "numbers_and_commands" and _UNFILTERED.fullmatch(language.lower()) is None
    return True


def masked(text: str) -> str:
    """Profane words keep their first letter: `f***`."""
    return _WORD.sub(lambda found: _mask(found[0]), text)


def _mask(word: str) -> str:
    return word[0] + "*" * (len(word) - 1) if word.lower() in _PROFANE else word
