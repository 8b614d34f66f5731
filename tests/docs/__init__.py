"""The documentation: its links, its command reference, and the site that is built of it."""
