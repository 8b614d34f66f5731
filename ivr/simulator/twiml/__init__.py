"""TwiML as Twilio reads it: strict XML, one file per verb, every complaint with its code, line and column.

Pure: bytes in, verbs and issues out. Knows nothing of calls, time or requests.
"""

from ivr.simulator.twiml.document import Document, Prompt, Verb, plain, read_document, recording, spoken

__all__ = ["Document", "Prompt", "Verb", "plain", "read_document", "recording", "spoken"]
