"""Upkeep of a directory: sheets are read, compared in words, checked as a whole, and written as a whole.

Knows directories and files. Must not know calls, flows, providers or terminals; the line runs without this package.
"""

from ivr.upkeep.compare import Change, compare
from ivr.upkeep.merge import merge
from ivr.upkeep.sheet import read_sheets
from ivr.upkeep.store import alone, put, restore
from ivr.upkeep.tables import Sheet
from ivr.upkeep.verified import Verification, verified

__all__ = ["Change", "Sheet", "Verification", "alone", "compare", "merge", "put", "read_sheets", "restore", "verified"]
