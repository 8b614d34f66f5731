"""The account that exists only on this machine: what the simulator signs with and what the service accepts
when nothing else was set. No real account has it, so a real Twilio request is never accepted by mistake.

Each value has the form that Twilio gives it, because applications check the form: a sid is two letters and 32 hex
digits, an auth token 32 hex digits, the secret of an API key 32 letters and digits. docs/simulator.md prints them.
The service uses the account in the profile `simulator` alone. This module must not import anything of ours.
"""

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "fedcba9876543210fedcba9876543210"  # noqa: S105 - made up, and useless outside a laptop
API_KEY_SID = "SK" + "0" * 32
API_KEY_SECRET = "SimulatorOnlySecret0123456789abc"  # noqa: S105 - made up, and useless outside a laptop
PHONE_NUMBER = "+4721000000"  # is called where nothing else is said
LINE_NUMBER = "+47390" + "00000"  # the bundled line's own, which its centres see
# Everybody knows these, one of former versions included: a line that others can reach does not start with one of them.
PUBLIC_SECRETS = frozenset((AUTH_TOKEN, API_KEY_SECRET, "simulator-test-token"))
# A signed field of the first request: the call is no person's but of `ivr load`, a demo ... Twilio never sends it.
ORIGIN_FIELD = "IvrOrigin"
