"""The constructs of the mapping language: one file says everything about one of them.

A file holds what the construct becomes when a mapping is compiled, its names in the language with what an
editor shows of them, what `klantbrug check` looks at, and what it does where no register is needed.
"""
