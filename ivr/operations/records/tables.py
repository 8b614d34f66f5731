"""Every table of the database. Changes of them are `migrations/`; a test holds the two together.

No caller's number, no keyed digits, nothing below the municipality. Moments are whole milliseconds since 1970 (UTC), so
that both databases compare and subtract them alike; the columns that hold one are called `at`, or end in `_at`.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData()
_ID = String(16)


def _text(name: str) -> Column[str]:
    """Never NULL: "" is what is not known, so that it can be part of a key."""
    return Column(name, Text, nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _moment(name: str) -> Column[int]:
    """NULL: has not happened, or nobody told."""
    return Column(name, BigInteger)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean(create_constraint=False), nullable=False, server_default=false())


# One row a call: all of it follows from the call's facts (summary.py), so it may be made anew at any time.
calls = Table(
    "calls",
    metadata,
    Column("id", _ID, primary_key=True),  # random
    Column("fingerprint", String(12), unique=True),  # joins the facts of a call for 24 hours, then NULL
    Column("started_at", BigInteger, nullable=False),  # after 24 hours: on the minute, and all else moved along
    Column("last_at", BigInteger, nullable=False),  # the latest fact
    _moment("ended_at"),
    _moment("rang_at"),  # a centre rang for the first time
    _moment("answered_at"),  # the centre that took the call picked up
    _moment("human_at"),  # a person there accepted
    _text("status"),  # Twilio's word for how the call ended
    _text("disposition"),
    _text("flow"),  # its version
    _text("directory"),  # its version
    _text("language"),
    _text("node"),  # the last one that the call came to
    _text("route"),  # how the place or the centre was found
    _text("municipality"),  # of the patient
    _text("centre"),  # the one that took the call, else the last that was rung
    Column("first_words_ms", Integer),  # from the arrival of the call to the reply with the 113 words
    _count("silences"),
    _count("wrong_keys"),
    _count("not_found"),  # codes, names and numbers that named nothing; before 0003 these counted as silences
    _count("faults"),
    _flag("arrived"),  # its beginning was told
    _flag("abroad"),
    _flag("red_flag"),
    _text("origin"),  # "": a person; else what made the call: load, probe, test, demo
    _text("way"),  # every node that the call came to, in order, a line each; of calls from before 0007 partly ""
    Index("calls_by_start", "started_at"),
    Index("calls_by_version", "flow", "directory", "started_at"),
)

# One row a leg: a centre that was rung.
legs = Table(
    "legs",
    metadata,
    Column("call_id", _ID, ForeignKey(calls.c.id, ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, primary_key=True),  # of the request that tells how the leg ended
    Column("dialled_at", BigInteger, nullable=False),  # our document was handed over: its words come before the ringing
    _moment("rang_at"),
    _moment("answered_at"),
    _moment("ended_at"),
    _text("centre"),
    _text("municipality"),
    _text("reason"),  # why this centre
    _text("outcome"),
    _flag("accepted"),  # a person took it
    _flag("red_flag"),
    _text("origin"),  # of the call
    Column("language", Text),  # of the call; NULL where a version from before 0008 wrote the row
    Index("legs_by_start", "dialled_at"),
)

# One row a fact. The same request twice gives the same key, so it counts once.
facts = Table(
    "facts",
    metadata,
    Column("call_id", _ID, ForeignKey(calls.c.id, ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),  # within the step
    Column("kind", String(24), primary_key=True),
    Column("node", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    _text("language"),
    _text("centre"),
    _text("municipality"),
    Column("number", Integer),  # seconds, or milliseconds for `arrived`
    _flag("flag"),
    Column("hour", Integer, nullable=False),  # of `at`, since 1970; SQLite covers no generated column
    _text("origin"),  # of the call
    # Reports count facts by node, each in one piece of this index: without sorting and without the rows themselves.
    Index("facts_by_node", "origin", "kind", "node", "value", "hour"),
    sqlite_with_rowid=False,
)

# Facts that never reached the database.
losses = Table(
    "losses",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", BigInteger, nullable=False),  # when it could be written down
    Column("facts", Integer, nullable=False),
    _text("reason"),
)

# What was removed, as proof.
purges = Table(
    "purges",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),  # what was older is gone
    Column("calls", Integer, nullable=False),
    Column("legs", Integer, nullable=False),
    Column("facts", Integer, nullable=False),
)

# Centres marked as out of service at once. One row a centre; a row whose time is past counts for nothing.
outages = Table(
    "outages",
    metadata,
    Column("centre", Text, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("until_at", BigInteger, nullable=False),
    _text("note"),  # for colleagues; never spoken
)

# The same from a moment on: before it, while it lasts, and after it. Not in `outages`, because a former version of the
# package, which may run beside this one, would take a planned one for one that has begun.
planned_outages = Table(
    "planned_outages",
    metadata,
    Column("centre", Text, primary_key=True),
    Column("from_at", BigInteger, primary_key=True, autoincrement=False),
    Column("until_at", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    _text("note"),
)

# The announcement for the whole line: one row at most; a row whose time is past counts for nothing.
announcements = Table(
    "announcements",
    metadata,
    Column("name", Text, primary_key=True),  # as in the flow file
    Column("until_at", BigInteger, nullable=False),
    _text("note"),
)

# Every change that somebody made in the console. Rows are only added.
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    _text("who"),
    _text("centre"),  # "" for the whole line
    _text("before"),  # JSON of the outage in force, "" for none
    _text("after"),
    Column("undoes", Integer),  # the change that this one takes back
    _text("planned_before"),  # JSON of a list of outages, "" for none
    _text("planned_after"),
    _text("announcement_before"),  # JSON, "" for none
    _text("announcement_after"),
    Index("changes_by_centre", "centre", "id"),
)

# What was found when a centre's number was rung, and what a second person said of that. Rows are only added: the newest
# of a centre is how it stands.
verifications = Table(
    "verifications",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    _text("who"),  # the account
    _text("centre"),
    _text("number"),  # the centre's, as it was dialled
    Column("step", String(16), nullable=False),
    _text("rung_on"),  # a day
    _text("answered_by"),  # of the centre
    _text("note"),  # for colleagues
    Column("about", Integer),  # the row that is confirmed or rejected
    Index("verifications_by_centre", "centre", "id"),
)
