"""KlantBrug's only state: the journal of open writes, idempotency keys, and locks that all replicas share.

Nothing of a register is kept here longer than a write lasts.
"""
