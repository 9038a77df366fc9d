"""The scenes that stand in mapping files: what clients do, new and old, and what comes of it.

Each is played on embedded registers in this process, by all of KlantBrug but its HTTP face.
"""
