"""Whether a line of one's own may serve people: what is missing, and the signature. The line runs without this."""

from ivr.operations.golive.readiness import KINDS, LineFolder, Readiness, look
from ivr.operations.golive.signing import sign

__all__ = ["KINDS", "LineFolder", "Readiness", "look", "sign"]
