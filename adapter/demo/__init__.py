"""Everything on one machine: the embedded registers in a process of their own, and KlantBrug before them."""
