"""One description of two records, read in both directions: which member of the one is which of the other.

Pure, as the mapping is: files and plain values in, plain values out. Nothing says which side is served.
"""
