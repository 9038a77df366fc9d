"""The names of the annotations that the objects of KlantBrug carry beside their values."""

CREATED, MIRROR, EMPTIED, LEFT, OTHERS = "aangemaakt", "spiegel", "leeg", "vertrokken", "andere"
TOLD, TOLD_OF, TOLD_BASIS = "verteld", "van", "basis"
"""Instant of creation, slots mirrored in, void slots, slots of which the value left with its uuid, groups of
other variants; and of what was told to old clients, with of whom and the fingerprint of what was written."""

SUPPLEMENT = "KlantinteractiesAanvulling"
KIND, RECORD, SEARCH = "soort", "bij", "zoek"
"""The type of an aanvulling; in one: the kind of resource, the uuid of its record, what can be searched."""
