"""Alarms out of the records: what goes wrong for callers, and who is told. The line runs without this."""

from ivr.operations.alarms.look import Alarm, Limits, look
from ivr.operations.alarms.memory import Memory, News
from ivr.operations.alarms.messages import Message, mail, post

__all__ = ["Alarm", "Limits", "Memory", "Message", "News", "look", "mail", "post"]
