"""What mappings say, as tables for people: where each property lives, and what happens to it."""
