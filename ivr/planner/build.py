"""From a plan to a scene: loads the line's files, plays journeys that are missing, works out demand and operators."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.line.directory import Directory
from ivr.line.flow.events import OutageKind
from ivr.line.flow.moments import shown
from ivr.line.service.settings import Settings
from ivr.planner.counted_calls import ALL, Counted
from ivr.planner.demand import Demand, Factor, Floats, hourly_shares, talk_by_hour
from ivr.planner.journey_cache import Store
from ivr.planner.journeys import Journeys
from ivr.planner.places import Closing, Meanings, Origin, origins, situations
from ivr.planner.plan import Closed, DemandChange, Operators, OutOfService, Plan
from ivr.planner.player import Player, callers, gather
from ivr.planner.scene import PlannedScene
from ivr.planner.service import Service, line_settings
from ivr.planner.staffing import Operators as OperatorsByHour
from ivr.planner.staffing import assumed_operators

_HOUR = 3600.0
Names = NDArray[Any]
Mask = NDArray[np.bool_]
Progress = Callable[[int], None]


class Builder:
    """Builds scenes, and keeps what several of them share: the service of a line and the journeys that were played."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._services: dict[tuple[Path | None, Path | None], Service] = {}
        self._unstaffed: dict[str, PlannedScene] = {}
        self._assumed: dict[str, OperatorsByHour] = {}

    def service(self, plan: Plan) -> Service:
        """Raises DefinitionError or SettingsError."""
        files = plan.flow or self._settings.flow, plan.directory or self._settings.directory
        if files not in self._services:
            settings = replace(self._settings, flow=files[0], directory=files[1])
            self._services[files] = Service(line_settings(settings), plan.period.start)
        return self._services[files]

    def scene(self, plan: Plan, base: Plan | None = None, progress: Progress = lambda _: None) -> PlannedScene:
        """`base`: the plan whose assumed operators this one has too, before its changes; itself, if left out."""
        scene = self._without_operators(plan, progress)
        standing = plan if base is None or base is plan else _unchanged(base, plan)
        operators = self._assumed_for(scene.centres, standing)
        return replace(scene, operators=_changed(plan, scene, operators).astype(np.int16))

    def _without_operators(self, plan: Plan, progress: Progress) -> PlannedScene:
        """Callers and journeys; the same value for plans that differ in operators alone."""
        others = tuple(each for each in plan.changes if not isinstance(each, Operators))
        key = repr(replace(plan, name="", seed=0, replications=1, changes=others))
        if key not in self._unstaffed:
            service = self.service(plan)
            places = origins(service.directory)
            journeys = self._journeys(plan, service, places, progress)
            demand = _demand(plan, service.directory, places)
            none = np.ones((1, 1), dtype=np.int64)
            self._unstaffed[key] = PlannedScene(demand, journeys, tuple(service.directory.centres), places, none)
        return self._unstaffed[key]

    def _assumed_for(self, centres: tuple[str, ...], standing: Plan) -> OperatorsByHour:
        """What the centres have before any change. Operators do not follow from what a plan changes."""
        scene = self._without_operators(standing, lambda _: None)
        of_week = scene.demand.period.of_week
        key = repr(standing)
        if key not in self._assumed:
            self._assumed[key] = assumed_operators(scene.load, of_week, scene.centres, scene.assumed)
        found = self._assumed[key]
        column = {name: number for number, name in enumerate(scene.centres)}
        ones = np.ones(len(of_week), dtype=np.int64)
        columns = [found[:, column[name]] if name in column else ones for name in centres]
        return np.stack(columns, axis=1)

    def _journeys(self, plan: Plan, service: Service, places: tuple[Origin, ...], progress: Progress) -> Journeys:
        mix = callers(plan.callers)
        key = self._store.key(service.edition, repr(mix))
        player = Player(service, mix, self._store.read(key), plan.menu)
        period, directory, closings = plan.period, service.directory, closings_of(plan)
        meanings = _meanings(service, plan)
        met = {each: situations(directory, each, period, closings, meanings) for each in places}
        nowhere = situations(directory, None, period, closings, meanings)
        found = gather(player, places, met, nowhere, progress)
        if player.played:
            self._store.write(key, player.kept)
        return found


def unchanged(plan: Plan) -> Plan:
    """The same plan without its changes: today."""
    return replace(plan, name="today", changes=(), flow=None, directory=None, menu=0.0)


def _unchanged(base: Plan, plan: Plan) -> Plan:
    return replace(unchanged(base), assumed=plan.assumed)


def closings_of(plan: Plan) -> tuple[Closing, ...]:
    """Every time that a centre is closed or its line has a fault."""
    found: list[Closing] = []
    for change in plan.changes:
        if isinstance(change, Closed):
            mask = np.concatenate([[False], change.when.mask(plan.period), [False]])
            begins, ends = np.nonzero(~mask[:-1] & mask[1:])[0], np.nonzero(mask[:-1] & ~mask[1:])[0]
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
                found.append(Closing(change.centre, OutageKind.CLOSED, begin * _HOUR, end * _HOUR))
        elif isinstance(change, OutOfService):
            first, last = plan.period.seconds(change.start), plan.period.seconds(change.end)
            found.append(Closing(change.centre, OutageKind.FAULT, max(first, 0.0), last))
    return tuple(found)


def _meanings(service: Service, plan: Plan) -> Meanings:
    """What the flow makes of the clock; nothing for the bundled one."""
    clocks = [node.clock for node in service.flow.described.values() if node.clock]
    if not clocks:
        return Meanings()
    minutes = {0}.union(*(clock.minutes for clock in clocks))
    turns = tuple(plan.period.seconds(each) for each in shown(minutes, plan.period.first, plan.period.last))
    return Meanings(turns, lambda at: tuple(clock.meaning(at) for clock in clocks))


def _demand(plan: Plan, directory: Directory, places: tuple[Origin, ...]) -> Demand:
    people = np.array([each.people for each in places])
    shares = people / people.sum()
    hourly = hourly_shares(plan.period, plan.assumed) * plan.calls
    counted = None
    if plan.counted is not None:
        counted = _counted(plan, plan.counted, np.outer(hourly, shares), directory, places)
    factors = tuple(_factor(plan, each, directory, places) for each in plan.changes if isinstance(each, DemandChange))
    talk = talk_by_hour(plan.period, plan.assumed)
    return Demand(plan.period, hourly, shares, plan.assumed, talk, factors, counted)


def _counted(plan: Plan, counted: Counted, rates: Floats, directory: Directory, places: tuple[Origin, ...]) -> Floats:
    """The expected calls, with those that were counted in their place. Hours for which a place that is counted has no
    row have no calls; a centre's calls are of the places that it answers for in that hour."""
    hours: dict[tuple[date, int | None], list[int]] = {}
    for number, wall in enumerate(plan.period.walls()):
        for hour in (wall.hour, None):
            hours.setdefault((wall.date(), hour), []).append(number)
    answering = _answering(plan, directory, places) if counted.places & set(directory.centres) else None
    found = rates.copy()
    for name in sorted(counted.places):
        here = _of_place(name, rates.shape, answering, places)
        shape = np.where(here, rates, 0.0)
        found[here] = 0.0
        for row in (row for row in counted.rows if row.place == name):
            rows = hours.get((row.day, row.hour), [])
            total = shape[rows].sum()
            found[rows] += row.calls * shape[rows] / total if total > 0 else 0.0
    return found


def _answering(plan: Plan, directory: Directory, places: tuple[Origin, ...]) -> Names:
    """By hour and place the id of the centre that answers."""
    begins = np.arange(plan.period.hours) * _HOUR
    columns = []
    for each in places:
        met = situations(directory, each, plan.period, (), Meanings())
        number = np.searchsorted([one.start for one in met], begins, side="right") - 1
        columns.append(np.array([one.centre for one in met])[number])
    return np.stack(columns, axis=1)


def _of_place(name: str, shape: tuple[int, ...], answering: Names | None, places: tuple[Origin, ...]) -> Mask:
    """By hour and place, whether a row's calls are among its callers."""
    if answering is not None:
        return np.asarray(answering == name)
    return np.broadcast_to(np.array([name in (ALL, each.municipality) for each in places]), shape)


def _columns(name: str, directory: Directory, places: tuple[Origin, ...], plan: Plan) -> tuple[int, ...]:
    """The places that a centre answers for at the period's start."""
    day = replace(plan.period, last=plan.period.first)
    found = [situations(directory, each, day, (), Meanings())[0].centre for each in places]
    return tuple(number for number, centre in enumerate(found) if centre == name)


def _factor(plan: Plan, change: DemandChange, directory: Directory, places: tuple[Origin, ...]) -> Factor:
    if change.centre:
        columns = _columns(change.centre, directory, places, plan)
    else:
        columns = tuple(
            number
            for number, each in enumerate(places)
            if change.county in ("", each.county) and change.municipality in ("", each.municipality)
        )
    whole = replace(plan.period, first=change.first or plan.period.first, last=change.last or plan.period.last)
    start = plan.period.seconds(whole.start)
    return Factor(columns, change.factor, start, start + whole.hours * _HOUR)


def _changed(plan: Plan, scene: PlannedScene, operators: OperatorsByHour) -> OperatorsByHour:
    """With the operators that the plan adds or takes; none are fewer than none."""
    operators = operators.copy()
    for change in plan.changes:
        if isinstance(change, Operators):
            here, column = change.when.mask(plan.period), scene.numbers[change.centre]
            before = 0 if change.exactly else operators[here, column]
            operators[here, column] = np.maximum(before + change.number, 0)
        elif isinstance(change, Closed):
            operators[change.when.mask(plan.period), scene.numbers[change.centre]] = 0
    return operators
