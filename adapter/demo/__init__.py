"""The demonstration: KlantBrug and the embedded registers on one machine, in a process each."""
