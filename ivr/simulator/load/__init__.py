"""Many callers against any TwiML webhook: planned arrivals, a mix of callers, and honest latencies.

    job = Job(CallPlan(url="http://127.0.0.1:5000/voice"), load_mix(DEFAULT_MIX), arrivals=Poisson(5), seconds=600)
    tally = run(job)

docs/load.md tells the rest. Imports nothing of the service; the two meet in bytes.
"""

from ivr.simulator.load.arrivals import Burst, Even, Poisson, Recorded, read_counts
from ivr.simulator.load.job import DEFAULT_CONCURRENT, Job
from ivr.simulator.load.mix import Mix
from ivr.simulator.load.mix_file import DEFAULT_MIX, load_mix
from ivr.simulator.load.result import as_json, as_lines
from ivr.simulator.load.run import run
from ivr.simulator.load.tally import Tally

__all__ = [
    "DEFAULT_CONCURRENT",
    "DEFAULT_MIX",
    "Burst",
    "Even",
    "Job",
    "Mix",
    "Poisson",
    "Recorded",
    "Tally",
    "as_json",
    "as_lines",
    "load_mix",
    "read_counts",
    "run",
]
