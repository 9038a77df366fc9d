"""The commands of `klantbrug`. Each imports what it needs when it runs, so that others start quickly."""
