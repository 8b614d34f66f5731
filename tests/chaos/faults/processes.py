"""Processes die, hang and start anew; the disk of the log is full; too many call at once."""

import time
from pathlib import Path

from ivr.simulator.load.mix import FarEndKind
from tests.chaos.faults.fault import HOST_GONE, Fault
from tests.chaos.service import Serving
from tests.chaos.testbed import Stage, Who

_FULL = Path("/dev/full")
_ANSWERED = Who(ends=(FarEndKind("answer"),))  # while the host is gone there is nobody but the fallback's two centres


def full_log(stage: Stage) -> None:
    stage.serve(Serving(environment={"LOG_LEVEL": "info"}, log=_FULL))
    stage.play(60)


def killed_workers(stage: Stage) -> None:
    service = stage.serve()

    def disturb() -> None:
        for place in range(stage.count(20)):
            service.kill_worker(place)
            time.sleep(0.3)  # the pace of the fault, not a wait for anything

    stage.play_while(disturb, 120)
    service.until(lambda ready: True)


def restarted_between_steps(stage: Stage) -> None:
    stage.serve().restart()
    stage.play_in_step(40, dict.fromkeys(range(1, stage.count(6) + 1), stage.service.restart))


def down_and_back(stage: Stage) -> None:
    service = stage.serve()

    def disturb() -> None:
        service.stop()
        time.sleep(3.0)  # the length of the outage
        service.start()
        service.restarts += 1

    stage.play_while(disturb, 150, threads=2)


def dead_from_the_start(stage: Stage) -> None:
    service = stage.serve()
    service.stop()
    stage.play(60, _ANSWERED)
    stage.play(20)
    service.start()


def dead_from_the_middle(stage: Stage) -> None:
    """Each share of the calls loses its host behind another request."""
    for step in (1, 2, 3, 4, 5):
        service = stage.serve()
        stage.play_in_step(12, {step: service.stop}, _ANSWERED)
        service.start()


def hangs(stage: Stage) -> None:
    """The host takes connections and says nothing: only Twilio's own timers help."""
    service = stage.serve()
    try:
        stage.play_in_step(8, {2: service.freeze}, _ANSWERED)
    finally:
        service.thaw()


def storm(stage: Stage) -> None:
    stage.serve()
    stage.play(250, threads=64)


FAULTS = (
    Fault("F5", "the disk of the log is full", full_log),
    Fault("F6", "a worker is killed every 300 ms", killed_workers),
    Fault("F7", "the service is killed and started between two steps", restarted_between_steps, HOST_GONE),
    Fault("F8", "the whole service is down for 3 s and comes back", down_and_back, HOST_GONE),
    Fault("F8b", "the host is gone from the start", dead_from_the_start, HOST_GONE),
    Fault("F8c", "the host is gone from the middle of a call", dead_from_the_middle, HOST_GONE),
    Fault("F8d", "the host hangs: it takes connections and never answers", hangs, HOST_GONE),
    Fault("F41", "64 calls at once, without a pause", storm),
)
