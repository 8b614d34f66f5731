"""How a request gets to the application: in process (WSGI) or over HTTP. Each sends exactly what it is given."""

from ivr.simulator.transports.http import HttpTransport
from ivr.simulator.transports.wsgi import WsgiTransport

__all__ = ["HttpTransport", "WsgiTransport"]
