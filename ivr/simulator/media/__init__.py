"""Audio, and the messages of Media Streams and ConversationRelay: no I/O, no call, no clock (docs/media.md).

Audio is µ-law at 8000 samples a second, one byte each, in frames of 20 ms, as Twilio sends it.
"""
