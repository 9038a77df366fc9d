"""Gathering: contacts whose register takes one POST and no change afterwards.

The pieces that clients send are held, sealed, until the one record can be made of them.
"""
