"""What the line says: languages, their texts, and the slots in them.

It hands out texts as pieces.
"""

from ivr.line.languages.catalogue import Catalogue, Language
from ivr.line.languages.clips import HeardWords, Part, RecordedTexts, SpokenName
from ivr.line.languages.files import language_files, languages_beside
from ivr.line.languages.load import load_prompts
from ivr.line.languages.text import DIGIT_SLOTS, NAME_SLOTS, WRITTEN_SLOTS, PauseMark, Piece, Slot, Words

__all__ = [
    "DIGIT_SLOTS",
    "NAME_SLOTS",
    "WRITTEN_SLOTS",
    "Catalogue",
    "HeardWords",
    "Language",
    "Part",
    "PauseMark",
    "Piece",
    "RecordedTexts",
    "Slot",
    "SpokenName",
    "Words",
    "language_files",
    "languages_beside",
    "load_prompts",
]
