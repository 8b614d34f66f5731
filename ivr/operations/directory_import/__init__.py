"""Upkeep of a directory: sheets are read, compared in words, checked as a whole, and written as a whole.

Knows directories and files. The line runs without this package.
"""

from ivr.operations.directory_import.compare import DirectoryChange, compare
from ivr.operations.directory_import.extract import DirectoryExtract, extract, places_of
from ivr.operations.directory_import.merge import merge
from ivr.operations.directory_import.sheet import read_sheets
from ivr.operations.directory_import.store import alone, create, put, restore
from ivr.operations.directory_import.tables import Sheet
from ivr.operations.directory_import.verified import Verification, all_verified, verified

__all__ = [
    "DirectoryChange",
    "DirectoryExtract",
    "Sheet",
    "Verification",
    "all_verified",
    "alone",
    "compare",
    "create",
    "extract",
    "merge",
    "places_of",
    "put",
    "read_sheets",
    "restore",
    "verified",
]
