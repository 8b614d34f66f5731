"""What breaks: one file for each family of faults, each with its tuple FAULTS. Here is their order in a full run."""

from tests.chaos.faults import clocks, code, legs, people, perimeter, processes, reloads, webhooks
from tests.chaos.faults.fault import Fault

# Those that are served in the same way stand together: each other way costs a start of the service.
FAULTS: tuple[Fault, ...] = (
    *webhooks.FAULTS,
    *legs.FAULTS,
    *people.FAULTS,
    *processes.FAULTS,
    *reloads.FAULTS,
    *clocks.FAULTS,
    *code.FAULTS,
    *perimeter.FAULTS,
)

__all__ = ["FAULTS", "Fault"]
