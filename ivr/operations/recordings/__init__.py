"""Recorded prompts: the sheet for the speaker, and the way of the sounds into a language's folder."""
