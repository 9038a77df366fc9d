"""The scenes of mapping files: requests of API clients and register clients, and the answers expected.

A scene is played on embedded registers in this process, with all of KlantBrug except its HTTP face.
"""
