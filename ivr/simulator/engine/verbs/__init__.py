"""What each TwiML verb does: one file a verb, with one `execute(scene, verb)`. Its parser is `twiml/<verb>.py`."""
