"""The dialects of registers that do what the standards say: these take, change and delete what they have.

The e-Suite takes a contact once and changes nothing; tests/gathering says what holds there.
"""

from adapter.dialects import SHIPPED

STANDARD = [each for each in SHIPPED.dialects() if not SHIPPED.gathers(each)]
