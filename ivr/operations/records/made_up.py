"""Made-up calls, as rows of the database: for a demonstration, for pictures, and to measure with many of them.

The calls come from a fixed seed: places, centres and languages as they come, busy centres, silence, wrong keys, key 9,
callers who hang up. They are turned into rows by the code that the recorder uses.
"""

import itertools
import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from ivr.base.clock import OSLO
from ivr.base.ids import NO_LANGUAGE, CentreId, LanguageCode, MunicipalityNumber, NodeId
from ivr.line.calls import CallId, Noted
from ivr.line.directory import Directory, Place
from ivr.line.flow import facts as told
from ivr.line.flow.events import LegOutcome
from ivr.operations.records.database import run_outside_transactions
from ivr.operations.records.rows import fact_rows
from ivr.operations.records.summary import summarise
from ivr.operations.records.tables import calls, facts, legs
from ivr.operations.records.writing import new_id

EDITION = "00000000-11111111"
DAYS = 30
_IN_ONE = 2000  # calls in one transaction
_LONGEST = timedelta(minutes=20)  # of a made-up call: each is over by now
_BUSY_HOURS = [2, 1, 1, 1, 1, 2, 3, 6, 9, 9, 8, 8, 7, 7, 8, 9, 12, 14, 13, 12, 10, 8, 5, 3]


class MadeUp:
    """Calls that could have been; the same ones for the same seed. `languages`: the usual one, and another.
    `edition`: of the line that would have taken them. `origin`: what they are marked as."""

    def __init__(
        self,
        directory: Directory,
        languages: tuple[str, str],
        seed: int = 1,
        edition: str = EDITION,
        origin: told.CallOrigin | None = None,
    ) -> None:
        self._usual, self._other = map(LanguageCode, languages)
        self._edition = edition
        self._origin = origin
        self._random = random.Random(seed)  # noqa: S311 - not for secrets
        by_size = sorted(directory.municipalities.values(), key=lambda each: -each.population)
        self._places = [each.number for each in by_size]
        self._people = [each.population for each in by_size]
        centres = directory.centres.values()
        self._backups = {centre.id: directory.backups(centre)[0].id for centre in centres}
        noon = datetime(2026, 3, 3, 12, tzinfo=OSLO)
        self._answers = {number: directory.answering(Place(number), noon).centre.id for number in self._places}

    def call(self, number: int, begin: datetime) -> list[Noted]:
        pick = self._random
        at, step, notes = begin, 0, list[Noted]()

        def note(seconds: float, *noted: told.Fact) -> None:
            nonlocal at, step
            at += timedelta(seconds=seconds)
            notes.append(Noted(CallId(f"{number:012}"), step, at, self._edition, noted))
            step += 1

        language = self._usual if pick.random() < 0.85 else self._other
        place = pick.choices(self._places, self._people)[0]
        centre = self._answers[place]
        marked = (told.CallMarked(self._origin),) if self._origin else ()
        opening = _entered("open", NO_LANGUAGE), _entered("language", NO_LANGUAGE)
        note(0, told.CallStarted(abroad=pick.random() < 0.03), *marked, *opening)
        entered = [_entered(node, language) for node in ("practice_banner", "caller", "main")]
        note(pick.uniform(6, 14), *entered)
        for chance, missed in ((0.15, told.Misunderstanding.SILENCE), (0.06, told.Misunderstanding.WRONG_KEY)):
            if pick.random() < chance:
                note(pick.uniform(8, 20), told.Misunderstood(NodeId("main"), missed), _entered("main", language))
        ending = pick.random()
        if ending < 0.08:  # hangs up in the menu
            return [*notes, self._over(notes, begin, at, pick.uniform(1, 10))]
        if ending < 0.16:
            note(pick.uniform(3, 9), _entered("when_gp", language), told.Informed(NodeId("when_gp")))
            return [*notes, self._over(notes, begin, at, pick.uniform(10, 40))]
        red = pick.random() < 0.03
        if red:
            note(pick.uniform(1, 9), told.RedFlag(NodeId("main")), _entered("red", language))
            if pick.random() < 0.6:
                return [*notes, self._over(notes, begin, at, pick.uniform(3, 20))]
        note(pick.uniform(2, 9), _entered("ask_postcode", language))
        if pick.random() < 0.05:
            unknown = told.Misunderstood(NodeId("ask_postcode"), told.Misunderstanding.NOT_FOUND)
            note(pick.uniform(4, 12), unknown, _entered("ask_postcode_again", language))
        found = told.PlaceFound("postcode", place, centre), _entered("confirm", language)
        note(pick.uniform(4, 12), *found)
        dialled = told.CentreDialled(centre, place, red_flag=red, reason=told.Reason.FOUND)
        note(pick.uniform(2, 8), _entered("connect", language), dialled)
        return self._ring(notes, begin, at, centre, place)

    def _ring(
        self, notes: list[Noted], begin: datetime, at: datetime, centre: CentreId, place: MunicipalityNumber
    ) -> list[Noted]:
        """One centre, or a second one behind it; half of the answers within a minute and a half."""
        pick, step = self._random, notes[-1].step
        for _ in range(2):
            step += 1
            ringing = at + timedelta(seconds=9)
            waited = pick.lognormvariate(4.0, 1.1)

            def leg(moment: datetime, *noted: told.Fact, step: int = step, call: CallId = notes[0].call) -> Noted:
                return Noted(call, step, moment, self._edition, noted)

            notes.append(leg(ringing, told.LegTold(centre, told.LegStatus.RINGING)))
            if waited < 150:
                answered = ringing + timedelta(seconds=waited)
                ended = answered + timedelta(seconds=pick.uniform(30, 600))
                notes += (
                    leg(answered, told.CentrePickedUp(centre)),
                    leg(answered, told.LegTold(centre, told.LegStatus.IN_PROGRESS)),
                    leg(answered + timedelta(seconds=5), told.CentreScreened(centre, accepted=True)),
                    leg(ended, told.CentreEnded(centre, LegOutcome.TALKED), _entered("after_talk", self._usual)),
                    leg(ended, told.LegTold(centre, told.LegStatus.COMPLETED)),
                )
                return [*notes, self._over(notes, begin, ended, 9)]
            at = ringing + timedelta(seconds=25)
            notes.append(leg(at, told.LegTold(centre, told.LegStatus.NO_ANSWER)))
            next_centre = self._backups[centre]
            again = told.CentreDialled(next_centre, place, red_flag=False, reason=told.Reason.BACKUP)
            notes.append(leg(at, told.CentreEnded(centre, LegOutcome.NO_ANSWER), _entered("go_on", self._usual), again))
            centre = next_centre
        return [*notes, self._over(notes, begin, at, 5)]

    def _over(self, notes: Sequence[Noted], begin: datetime, at: datetime, seconds: float) -> Noted:
        end = at + timedelta(seconds=seconds)
        over = told.CallOver(told.LegStatus.COMPLETED, int((end - begin).total_seconds()))
        return Noted(notes[0].call, 0, end, self._edition, (over,))

    def beginnings(self, count: int, now: datetime) -> list[datetime]:
        """Over the last days, more by day than by night."""
        first = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        hours = self._random.choices(range(24), _BUSY_HOURS, k=count)
        return sorted(
            first + timedelta(days=self._random.randrange(DAYS), hours=hour, seconds=self._random.uniform(0, 3600))
            for hour in hours
        )


def _entered(node: str, language: LanguageCode) -> told.NodeEntered:
    return told.NodeEntered(NodeId(node), language)


def fill(engine: Engine, made_up: MadeUp, count: int, now: datetime) -> tuple[int, float]:
    """Rows as the recorder makes them, inserted in bulk: how many facts, and in how many seconds. Calls of later today
    are left out."""
    begun, inserted = time.perf_counter(), 0
    beginnings = enumerate(each for each in made_up.beginnings(count, now) if each < now - _LONGEST)
    while batch := list(itertools.islice(beginnings, _IN_ONE)):
        call_rows, leg_rows, rows = [], [], []
        for number, begin in batch:
            of_call = [row for noted in made_up.call(number, begin) for row in fact_rows(noted, noted.at)]
            call, its_legs = summarise(of_call)
            call_id = new_id()
            call_rows.append({"id": call_id, "fingerprint": None, **call})
            leg_rows += [{"call_id": call_id, **leg} for leg in its_legs]
            rows += [row.columns(call_id) for row in {row.identity: row for row in of_call}.values()]
        with engine.begin() as connection:
            connection.execute(calls.insert(), call_rows)
            connection.execute(legs.insert(), leg_rows)
            connection.execute(facts.insert(), rows)
        inserted += len(rows)
    run_outside_transactions(engine, "ANALYZE")
    return inserted, time.perf_counter() - begun
