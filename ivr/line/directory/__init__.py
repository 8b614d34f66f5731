"""The directory: municipalities, postcodes, centres, who answers where and when, and who stands in for whom.

`load_directory()` reads the files of a folder and refuses them as a whole if anything is wrong. What comes out never
changes.
"""

from ivr.line.directory.backups import distance_km
from ivr.line.directory.load import load_directory, without_targets
from ivr.line.directory.lookup import Directory
from ivr.line.directory.model import (
    Answer,
    Centre,
    County,
    DialTarget,
    FileNote,
    Municipality,
    NumberStatus,
    Place,
    Provenance,
    Treatment,
)
from ivr.line.directory.spelling import keys_of
from ivr.line.directory.standing import live_complaints

__all__ = [
    "Answer",
    "Centre",
    "County",
    "DialTarget",
    "Directory",
    "FileNote",
    "Municipality",
    "NumberStatus",
    "Place",
    "Provenance",
    "Treatment",
    "distance_km",
    "keys_of",
    "live_complaints",
    "load_directory",
    "without_targets",
]
