"""The line: what answers the telephone. Directory, languages, flow, calls, Twilio's protocol, web, service.

`create_app` is the stable address of the service: `flask --app ivr.line run`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> "Flask":
    """The service with the settings of the environment. Raises SettingsError or DefinitionError."""
    from ivr.line.service.bootstrap import create_app as made  # noqa: PLC0415 - the line's parts are used without Flask

    return made()
