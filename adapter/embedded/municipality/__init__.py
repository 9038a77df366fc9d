"""A believable municipality to fill the embedded registers with: Waterdam, which does not exist."""
