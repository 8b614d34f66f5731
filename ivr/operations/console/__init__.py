"""The console: what whoever looks after the line sees and may change. Off unless a password hash is set.

Its faults stay its own: no call goes through anything here, and only a few of a process's threads at a time may.
"""

from ivr.operations.console.accounts import Accounts
from ivr.operations.console.blueprint import console_blueprint
from ivr.operations.console.context import ConsoleContext

__all__ = ["Accounts", "ConsoleContext", "console_blueprint"]
