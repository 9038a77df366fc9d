"""The examples that stand in mapping files: read, run, and compared with what they say."""
