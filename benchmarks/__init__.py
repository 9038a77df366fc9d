"""What KlantBrug costs, as ratios within one run: `make bench`."""
