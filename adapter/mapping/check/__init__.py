"""The parts of the static check of mappings; `adapter.mapping.checking` puts them together."""
