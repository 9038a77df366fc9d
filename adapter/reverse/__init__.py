"""The old APIs over a register of the new one: correspondences applied in the other direction."""
