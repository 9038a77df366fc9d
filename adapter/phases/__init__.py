"""The phases of a move: what `serve` does with requests before, during and after it; see migration.md."""
