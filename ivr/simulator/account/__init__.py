"""A Twilio account as a world: numbers, phones and many calls in one virtual clock. docs/account.md."""
