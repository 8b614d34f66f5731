"""The use case: a token and an event in, actions and the next token out; facts to a sink.

Knows no framework, provider or database.
"""

from ivr.line.calls.service import CallService, FactSink, Noted, Outages, Reply, SwitchedOn, TextSink
from ivr.line.calls.token import CallId, Tokens

__all__ = ["CallId", "CallService", "FactSink", "Noted", "Outages", "Reply", "SwitchedOn", "TextSink", "Tokens"]
