"""What the directory calls the centres and municipalities of recorded calls."""

from datetime import datetime

from ivr.base.clock import OSLO
from ivr.base.ids import CentreId, MunicipalityNumber
from ivr.line.directory import Directory
from ivr.line.directory.roster import reason
from ivr.operations.records.explanation import Names


def names_of(directory: Directory, version: str = "") -> Names:
    """A centre or place that the directory does not know keeps its id. A duty row is told only if the call had this
    very directory: `version`."""

    def centre(centre_id: str) -> str:
        known = directory.centres.get(CentreId(centre_id))
        return known.spoken if known else centre_id

    def municipality(number: str) -> str:
        known = directory.municipalities.get(MunicipalityNumber(number))
        return known.spoken if known else number

    def duty(centre_id: str, number: str, at: int) -> str:
        wall = datetime.fromtimestamp(at / 1000, OSLO)
        day, minute = wall.date(), wall.hour * 60 + wall.minute
        tables = directory.tables.timetables.items() if directory.version == version else ()
        here = [table for key, table in tables if key.partition("-")[0] == number and table.on(day)]
        chosen = [table for table in here if table.at(day, minute).centre == centre_id]
        return reason(chosen[0], day, minute) if len(chosen) == 1 else ""  # the record has no postcode to choose by

    return Names(centre, municipality, duty)
