"""Every call that can happen, played against the real service through the simulator: `explore`.

What it says of a flow is seen from outside, in documents and seconds of call time, and owes nothing to
`ivr.proof.check`, which must come to the same by looking inside.
"""

from ivr.proof.explore.result import ExplorationResult, explore
from ivr.proof.explore.service import ExploredService

__all__ = ["ExplorationResult", "ExploredService", "explore"]
