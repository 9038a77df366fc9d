"""KlantBrug's only state: the journal of open writes, idempotency keys, counters, and locks of all replicas.

Nothing of a register is kept here longer than a write lasts.
"""
