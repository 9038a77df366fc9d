"""The constructs of a pair: one line of a mapping, which joins a served path with a path in a record.

A new conversion is one file here, and a line in `CODECS` (conversions.py).
"""
