"""A call router for Norway's out-of-hours medical line 116 117, and the simulator to trust it.

Importing this package loads nothing else: each command and each service imports what it needs.
"""

__version__ = "0.1.0"
