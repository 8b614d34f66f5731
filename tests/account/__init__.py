"""The account: many calls in one world."""
