"""Alarms out of the records: what goes wrong for callers, and who is told. The line runs without this."""

from ivr.operations.alarms.look import Alarm, Limits, look, switched_notes
from ivr.operations.alarms.memory import Memory, News
from ivr.operations.alarms.messages import AlarmMessage, mail, post

__all__ = ["Alarm", "AlarmMessage", "Limits", "Memory", "News", "look", "mail", "post", "switched_notes"]
