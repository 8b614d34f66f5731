"""Where a call can be sent: every place at every hour has a centre and somebody behind it.

Numbers, hours without gaps and links between rows are held by the directory's own loader (L02).
"""

from collections.abc import Iterator

from ivr.proof.check.checked_flow import Subject
from ivr.proof.check.findings import Found

COVERAGE = ("file", "coverage.csv")


def covered(subject: Subject) -> Iterator[Found]:
    directory = subject.directory
    said: set[str] = set()
    for place in subject.places.everywhere():
        for now in subject.places.rosters.moments(place):
            centre = directory.answering(place, now).centre
            if centre.id in said:
                continue
            said.add(centre.id)
            others = [each for each in directory.backups(centre) if each.id != centre.id]
            if not others:
                yield Found(("file", "centres.csv"), f"{centre.id} answers for {place.key} and nobody stands in for it")
            if centre.target is None:
                yield Found(("file", "centres.csv"), f"{centre.id} answers for {place.key} and has no number to ring")


def orphans(subject: Subject) -> Iterator[Found]:
    directory = subject.directory
    rules = (rule for table in directory.tables.timetables.values() for rule in table.rules)
    used = {rule.centre for rule in rules} | {directory.default_centre.id}
    used |= {centre.id for ladder in directory.tables.ladders.values() for centre in ladder}
    used |= {centre.id for centre in directory.tables.area_centres.values()}
    for centre in directory.centres.values():
        if centre.id not in used and centre.same_desk is None:
            yield Found(("file", "centres.csv"), f"{centre.id} answers for no place and stands in for nobody")
