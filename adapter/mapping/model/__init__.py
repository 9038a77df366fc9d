"""What a mapping says, after loading: the one form that checks, plans, explanations and run time read.

Everything is immutable. Names on the left are members of the served side, names on the right are paths in a
register's record. Nothing here knows HTTP.
"""

from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.constructs.composition import Composition, Part
from adapter.mapping.constructs.known import Known
from adapter.mapping.constructs.mirror import Mirror
from adapter.mapping.constructs.pairs.pair import Pair
from adapter.mapping.constructs.relation import Relation
from adapter.mapping.constructs.whole import Whole
from adapter.mapping.model.dialect import Collection, Mappings
from adapter.mapping.model.homes import Home, whole
from adapter.mapping.model.members import Absent, Member, Must, Numbers, WhenDeleted, walk
from adapter.mapping.model.resources import Filter, KnownBy, Operator, Resource
from adapter.mapping.model.tellings import Telling
from adapter.mapping.places import Place

__all__ = [
    "Absent",
    "Collection",
    "Composition",
    "DoesNotFit",
    "Filter",
    "Home",
    "Known",
    "KnownBy",
    "Mappings",
    "Member",
    "Mirror",
    "Must",
    "Numbers",
    "Operator",
    "Pair",
    "Part",
    "Place",
    "Relation",
    "Resource",
    "Telling",
    "WhenDeleted",
    "Whole",
    "walk",
    "whole",
]
