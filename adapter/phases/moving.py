"""What a deployment has for the phases of a move: the phase, the target, the comparison with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from adapter.configuration.parts import PhaseSettings
from adapter.move.target import target as described
from adapter.phases.forward import Forward, Into, Target
from adapter.phases.phase import Phase, Phases
from adapter.phases.shadow import Shadow
from adapter.phases.whose import Whose

DESCRIBED = "openklant"


@dataclass(frozen=True, slots=True)
class Moving:
    """The parts; without a target there is nothing to forward to or to compare with."""

    phases: Phases = field(default_factory=Phases)
    forward: Forward | None = None
    shadow: Shadow | None = None
    whose: Whose | None = None

    def start(self) -> None:
        """Follow the phase, and compare, until `close`."""
        self.phases.start()
        if self.shadow is not None:
            self.shadow.start()

    def close(self) -> None:
        """Stop both."""
        self.phases.close()
        if self.shadow is not None:
            self.shadow.close()


def open_moving(
    settings: PhaseSettings,
    target: Target | None,
    public: Sequence[str],
    count: Callable[[str], None],
    *,
    both: bool,
    whose: Callable[[Forward], Whose] | None = None,
    into: Into = lambda _: {},
) -> Moving:
    """The parts of a deployment with these settings. Raises PhaseUnknown for what its file says.

    public: its public URLs. both: whether it serves the old APIs beside the new one, from the target.
    whose: makes what finds the data subjects of what is passed on, where that is logged.
    into: what has become of what was merged.
    """
    possible = {Phase.TRANSLATE, Phase.FROZEN}
    if target is not None:
        possible |= {Phase.SHADOW, Phase.FORWARD}
    phases = Phases(settings.file, possible=possible, retry_after=settings.retry_after, old_waits=both)
    if target is None:
        return Moving(phases)
    forward = Forward(target, public, into)
    rules = described(DESCRIBED, "").ignored
    shadow = Shadow(forward, rules, settings.share, count)
    return Moving(phases, forward, shadow, whose(forward) if whose else None)
