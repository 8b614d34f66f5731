"""A list in a sentence that stays short however long the list is."""

from collections.abc import Iterable


def short_list(names: Iterable[str], most: int) -> str:
    """`"a, b and 3 more"`; all of them where they are at most `most`."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
