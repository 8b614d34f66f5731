"""The planner: what happens to the nation's callers if a centre closes, a menu grows, operators are added.

Calls are drawn by place and hour, journeys are played through the real service, and centres are queues in a simulation
of discrete events. docs/planner.md explains the model, its assumptions and its limits. Nothing of the line imports it.
"""
