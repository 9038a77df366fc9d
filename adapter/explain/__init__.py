"""Explanations of filters and requests, and the generated reference of the mappings."""
