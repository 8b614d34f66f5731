"""A plan to begin with: `ivr plan template`."""

TEXT = """\
# A plan: what happens to the nation's callers if ... Run it: ivr plan THIS_FILE. docs/planner.md explains all of it.
name: Voss is closed by night
base: today                 # or another plan file, whose changes this one has too
year: 2027                  # or from: 2027-01-01 and to: 2027-03-31
calls: 3_200_000            # in a year; or a CSV file of counted calls: place,date,hour,calls
changes:
  - {centre: voss, closed: "23:00-08:00"}
  # - {centre: bergen, operators: +2, hours: "20:00-02:00", days: [fri, sat]}   # without sign: exactly so many
  # - {demand: {county: "46", factor: 1.4, from: 2027-02-01, to: 2027-03-15}}   # or municipality, or centre
  # - {outage: {centre: oslo, from: "2027-05-16 18:00", to: "2027-05-16 23:00"}}
  # - {menu: 15}            # the menu is 15 seconds longer for every caller
  # - {flow: my_flow.yaml}  # another menu, played
  # - {directory: my_folder}
# assumptions: {talk_evening: 300, patience: 300}    # every assumption that the answer prints can be changed
# replications: 5           # runs with other callers: the interval comes from them
# sweep: {more: [+0, +2, +4]}  # with --sweep: `operators: $more` is each of these in turn
"""
