"""Lists over REST: which resources fit the query, and the page of them that is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from ivr.simulator.account.rest_app import Asked
from ivr.simulator.rest import Json, bad_request

_LARGEST_PAGE = 1000
PAGING = ("PageSize", "Page", "PageToken")


def fitting(
    asked: Asked, resources: Iterable[Json], names: Mapping[str, str], times: Mapping[str, str] | None = None
) -> list[Json]:
    """Those that every field of the query fits. `names`: from a field to what it is equal to in a resource; `times`:
    from a field, which may end with < or >, to the date that it is about. An empty field is none. Raises RestError."""
    dates = times or {}
    asked.allow(*names, *(f"{date}{sign}" for date in dates for sign in ("", "<", ">")), *PAGING)
    found = list(resources)
    for field, value in asked.items:
        if field in names and value:
            found = [each for each in found if each[names[field]] == value]
        elif field.rstrip("<>") in dates and value:
            date = dates[field.rstrip("<>")]
            found = [each for each in found if _in_time(each[date], field, value)]
    return found


def _in_time(date: str | None, field: str, value: str) -> bool:
    """Whether the RFC 2822 `date` is at the moment `value`, or before (`<`) or after (`>`) it; midnight stands for the
    whole day."""
    wanted = _moment(field, value)
    if date is None:
        return False
    at = datetime.strptime(date, "%a, %d %b %Y %H:%M:%S %z")
    if field.endswith("<"):
        return at <= wanted
    if field.endswith(">"):
        return at >= wanted
    is_day = wanted.hour == wanted.minute == wanted.second == 0
    return wanted <= at < wanted + timedelta(days=1) if is_day else at == wanted


def _moment(field: str, value: str) -> datetime:
    try:
        wanted = datetime.fromisoformat(value)
    except ValueError:
        raise bad_request(20001, f"{field}={value!r} is no date like 2026-01-01 or 2026-01-01T12:00:00Z") from None
    return wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)


def page(asked: Asked, name: str, resources: Sequence[Json]) -> Json:
    """One page of a list: 50 a page unless PageSize says otherwise."""
    size, number = asked.integer("PageSize", 50, 1, _LARGEST_PAGE), asked.integer("Page", 0, 0, 10**9 - 1)
    shown = resources[number * size : (number + 1) * size]
    others = [item for item in asked.items if item[0] not in PAGING]

    def at(which: int) -> str:
        return f"{asked.url}?{urlencode([*others, ('PageSize', size), ('Page', which)])}"

    return {
        name: list(shown),
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": max(number * size + len(shown) - 1, 0),
        "uri": at(number),
        "first_page_uri": at(0),
        "previous_page_uri": at(number - 1) if number else None,
        "next_page_uri": at(number + 1) if (number + 1) * size < len(resources) else None,
    }
