"""A telephone in the browser: a page, the server behind it, and a call in real time with a person at the keys.

The simulator plays Twilio's part; what is called is anybody's webhook, or the bundled line (`line`, the only module
here that knows one). Nothing listens but on loopback, and the page asks nothing of any other host.
"""
