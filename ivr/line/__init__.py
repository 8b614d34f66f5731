"""The line: what answers the telephone. Directory, languages, flow, calls, Twilio's protocol, web, service."""
