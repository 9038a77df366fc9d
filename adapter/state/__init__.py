"""KlantBrug's only state: the journal of open writes, idempotency keys, counters and orphans, with locks.

All replicas share it. Data of a register stay here for as long as the write that they belong to, no longer.
"""
