"""Moving everything that KlantBrug serves into another system: read, write files for its database, verify.

A target is described in `specs/targets`; nothing here names a table, a column or a member.
"""
