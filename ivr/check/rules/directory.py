"""Where a call can be sent: every place at every hour has a centre and somebody behind it.

Numbers, hours without gaps and links between rows are held by the directory's own loader (L02).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ivr.check.findings import Found
from ivr.check.subject import Subject
from ivr.directory import Directory

COVERAGE = ("file", "coverage.csv")


def covered(subject: Subject) -> Iterator[Found]:
    directory = subject.directory
    said: set[str] = set()
    for place in subject.places.everywhere():
        for now in moments(directory, place.key, subject.now):
            centre = directory.answering(place, now).centre
            if centre.id in said:
                continue
            said.add(centre.id)
            others = [each for each in directory.backups(centre) if each.id != centre.id]
            if not others:
                yield Found(("file", "centres.csv"), f"{centre.id} answers for {place.key} and nobody stands in for it")
            if centre.target is None:
                yield Found(("file", "centres.csv"), f"{centre.id} answers for {place.key} and has no number to ring")


def moments(directory: Directory, key: str, now: datetime) -> Iterator[datetime]:
    """Each hour at which this place's duty changes, on the day of the check and on each later day on which its rows
    do."""
    rules = directory.tables.timetables[key].rules
    turns = {rule.valid.start for rule in rules} | {_next(rule.valid.end) for rule in rules}
    minutes = {0, *(rule.hours.start for rule in rules if rule.hours)}
    for day in sorted({now.date(), *(turn for turn in turns if turn and turn > now.date())}):
        midnight = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
        yield from (midnight + timedelta(minutes=minute) for minute in sorted(minutes))


def _next(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def orphans(subject: Subject) -> Iterator[Found]:
    directory = subject.directory
    rules = (rule for table in directory.tables.timetables.values() for rule in table.rules)
    used = {rule.centre for rule in rules} | {directory.default_centre.id}
    used |= {centre.id for ladder in directory.tables.ladders.values() for centre in ladder}
    used |= {centre.id for centre in directory.tables.area_centres.values()}
    for centre in directory.centres.values():
        if centre.id not in used and centre.same_desk is None:
            yield Found(("file", "centres.csv"), f"{centre.id} answers for no place and stands in for nobody")
