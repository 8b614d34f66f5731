"""What an operator works with: records, report, console, directory import, the Twilio account."""
