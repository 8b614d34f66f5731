"""What can be proved of a whole flow before a call is answered: `check_flow`, and the picture of a flow.

It plays the flow with the real engine and renders it with the real writer.
"""

from ivr.proof.check.findings import Finding, Rule, Severity
from ivr.proof.check.run import check_flow, lay_ground, loading
from ivr.proof.check.table import RULES

__all__ = ["RULES", "Finding", "Rule", "Severity", "check_flow", "lay_ground", "loading"]
