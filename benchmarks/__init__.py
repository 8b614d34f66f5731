"""How fast is it, against what users would otherwise write? `make bench`; docs/benchmarks.md says how to read it.

Everything here is measured as a ratio of two subjects inside one run. Nothing in `ivr` knows this folder.
"""
