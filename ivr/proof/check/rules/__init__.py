"""The rules, by what they are about. A rule is a function of the subject; what it is called stands in `table.py`."""
