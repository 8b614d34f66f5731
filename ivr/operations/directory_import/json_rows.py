"""JSON as rows: `{"centres": [{...}, ...], "coverage": [...]}`, or one list of rows."""

import json
import re
from collections.abc import Iterator
from functools import partial

from ivr.base import strict_yaml
from ivr.base.complaints import Complaints
from ivr.base.errors import Complaint, DefinitionError
from ivr.base.spreadsheet import plain
from ivr.line.directory.rows import MAX_CELL, MAX_ROWS, Row

# One letter beyond U+FFFF, written as two; YAML knows no such pairs.
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")


def json_groups(name: str, text: str, complaints: Complaints) -> Iterator[tuple[str, list[Row]]]:
    """Title and rows of each list that is not empty. A value is the text that was typed: 0301 has no other way in."""
    text = _PAIR.sub(lambda pair: pair[1] + json.loads(f'"{pair[2]}"'), text)
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
        found = strict_yaml.load(text, name)  # JSON is YAML, and here every value knows where it stands
    except json.JSONDecodeError as error:
        complaints.append(Complaint(name, error.lineno, error.colno, f"is not JSON: {error.msg}"))
        return
    except RecursionError:
        complaints.about(name, None, f"is nested deeper than {strict_yaml.MAX_DEPTH} levels")
        return
    except DefinitionError as error:
        complaints.extend(error.complaints)
        return
    groups = found if isinstance(found, strict_yaml.Mapping) else {strict_yaml.Text(""): found}
    for title, values in groups.items():
        if not isinstance(values, strict_yaml.Sequence) or not all(isinstance(v, strict_yaml.Mapping) for v in values):
            complaints.about(name, values, f"{title or 'the file'} is no list of rows")
        elif len(values) > MAX_ROWS:
            complaints.about(name, values, f"more than {MAX_ROWS} rows")
        elif values:
            rows = [_row(name, value, complaints) for value in values if isinstance(value, strict_yaml.Mapping)]
            yield str(title), rows


def _row(name: str, value: strict_yaml.Mapping, complaints: Complaints) -> Row:
    cells: dict[str, str] = {}
    for key, cell in value.items():
        if not isinstance(cell, strict_yaml.Text):
            complaints.about(name, cell, f"{key}: a cell is one text, not a list or more")
        elif max(len(cell), len(key)) > MAX_CELL:
            message = f"a cell of {max(len(cell), len(key))} characters; at most {MAX_CELL}"
            complaints.about(name, cell, message)
        else:
            cells[str(key)] = "" if cell == "null" else plain(str(cell).strip())
    places = {str(key): (cell.line, cell.column) for key, cell in value.items()}
    return Row(name, value.line, cells, partial(dict, places))
