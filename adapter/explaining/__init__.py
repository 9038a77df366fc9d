"""Explanations: what KlantBrug does for a filter or a request, seen while it does it."""
