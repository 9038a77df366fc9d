"""Breaks the mappings of a dialect and tells what caught it: python -m tests.mutations DIALECT [SHARE].

SHARE is the part of all mutants that is tried, taken evenly; 1 is all of them, which takes hours when the
promises and the recorded scenarios are asked too. Without them (--quick) it takes minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutations.hunt import Hunt

NOTHING = "nothing"


def main() -> None:
    """Print the table, and what survived."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("dialect")
    options.add_argument("share", type=float, nargs="?", default=1)
    options.add_argument("--quick", action="store_true", help="only check and test")
    asked = options.parse_args()
    table: dict[str, Counter[str]] = defaultdict(Counter)
    survived = []
    with TemporaryDirectory() as folder:
        hunt = Hunt(asked.dialect, Path(folder))
        for mutant in list(hunt.mutants())[:: round(1 / asked.share)]:
            by = hunt.caught(mutant, by_promises=not asked.quick) or NOTHING
            table[mutant.kind][by] += 1
            if by == NOTHING:
                survived.append(mutant.name)
    for kind, found in sorted(table.items()):
        told = ", ".join(f"{by} {number}" for by, number in sorted(found.items()))
        sys.stdout.write(f"{kind:<50} {found.total():>4}: {told}\n")
    sys.stdout.write(f"{sum(map(Counter.total, table.values()))} mutants; {len(survived)} survive\n")
    sys.stdout.writelines(f"  {each}\n" for each in survived)


if __name__ == "__main__":
    main()
