"""The call machine: TwiML and inputs in, effects and events out. No I/O in here (see `effects`)."""
