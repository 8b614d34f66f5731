"""The account that exists only on this machine: what the simulator signs with and what the service accepts
when nothing else was set. No real account has it, so a real Twilio request is never accepted by mistake.

The service uses it in the profile `simulator` alone. This module must not import anything of ours.
"""

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "simulator-test-token"  # noqa: S105 - made up, and useless outside a laptop
