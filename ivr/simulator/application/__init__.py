"""An application under test as a process of its own, which takes the local account for Twilio."""
