"""KlantBrug: the Klantinteracties API over the registers that a municipality has, and the reverse."""

import gc

# A start makes hundreds of thousands of objects that stay, a page of results many that do not. With the
# thresholds of Python a fifth of a start goes to looking for garbage, and several times per request it is.
# A server looks more often from when it has started: see `serving.settle`.
gc.set_threshold(200_000, 20, 50)
