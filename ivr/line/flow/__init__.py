"""The flow: what is said, asked and done, as a pure function of what happened and of the call's state.

PURE: nothing in this package may know a clock, file (but for the loader), socket, log or random number, nor the
provider. Prompts stay ids here; time and the caller's number class come in as values.
"""
