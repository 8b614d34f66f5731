"""Flask, and only here: the webhook routes, the fail-safe boundary, health."""
