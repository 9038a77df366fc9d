"""Send the steps of one write to the registers, each of them in the journal by then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.identity import uuid_in
from adapter.engine.transaction.recognising import content_key
from adapter.engine.transaction.recovery import take_all_back
from adapter.engine.transaction.steps import AHEAD, REMEMBER, TELL, Refused, delete, read, send
from adapter.errors import AdapterError, Forbidden, Invalid
from adapter.logs import logger
from adapter.registers.messages import RegisterFault
from adapter.registers.renaming import renamed
from adapter.state.errors import NoLongerOurs, StateUnavailable
from adapter.state.fences import CONTENTS
from adapter.state.journal import OPEN, TURNED, Made, OpenWrite, Step
from adapter.state.keys import Claim
from adapter.state.outbox import Message

SERVER_ERROR = 500

log = logger("klantbrug.journal")

Call = tuple[Step, str, Any]
"""A step, the method by which it is sent, the content that is sent."""


@dataclass(slots=True, eq=False)
class JournaledCalls:
    """The steps of one write; threads may send some side by side. `stripes` are the locks that are held."""

    deployment: Deployment
    operation: str
    claim: Claim | None
    stripes: list[int] = field(default_factory=list)
    _write: OpenWrite | None = None
    _alone: threading.RLock = field(default_factory=threading.RLock)

    # steps

    def post(self, steps: Sequence[tuple[Step, Any]]) -> list[Any]:
        """Make things side by side: what the register answers to each, or the error."""
        # Whoever looks for the record of a write that died has to know of every other with the same content.
        unnamed = [step for step, _ in steps if step.get("unnamed")]
        names = [content_key(step) for step in unnamed]
        with self.deployment.state.locks.hold(CONTENTS, names) if names else nullcontext():
            answers = self.together([(step, "POST", content) for step, content in steps])
            for (step, _), answer in zip(steps, answers, strict=True):
                if not step.get("unnamed") or isinstance(answer, BaseException):
                    continue
                if not step.get("companion"):
                    step["made"] = uuid_in(answer["url"])
                else:
                    register = self.deployment.registers[step["register"]]
                    own = register.identify(answer.get("url", "")) if answer else None
                    step["made"] = own[1] if own else ""
            if unnamed:
                self._save()
        return answers

    def done(self, step: Step, method: str, content: Any = None, ahead: Sequence[Step] = ()) -> Any:
        """What a register answers to a step. Raises Refused, and whatever else went wrong."""
        (answer,) = self.together([(step, method, content)], ahead)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def together(self, calls: Sequence[Call], ahead: Sequence[Step] = ()) -> list[Any]:
        """What a register answers to each of these calls, made side by side, or the error.

        One that is refused is no step of the write. `ahead` are steps that are to be sent later: the journal
        tells them from those of which nobody knows whether they were sent.
        """
        steps = [step for step, _, _ in calls]
        for step in ahead:
            step[AHEAD] = True
        with self._alone:
            for step in steps:
                if step.pop(AHEAD, False):
                    step["at"] = time.time()
            if self._write is None:
                self._write = self._begun([*steps, *ahead], OPEN)
            else:
                there = {id(each) for each in self._write.steps}
                self._write.steps += [each for each in (*steps, *ahead) if id(each) not in there]
                self._save()
            written = self._write.steps
        answers = self.deployment.together([partial(self._sent, *call) for call in calls])
        for step, answer in zip(steps, answers, strict=True):
            if isinstance(answer, (Refused, Invalid, Forbidden)) or getattr(answer, "undone", False):
                with self._alone:
                    written[:] = [each for each in written if each is not step]
        return answers

    def _sent(self, step: Step, method: str, content: Any) -> Any:
        try:
            answer = send(self.deployment, step["register"], method, step["path"], content)
        except AdapterError as error:
            if isinstance(error, RegisterFault):
                step["sure"] = error.status == SERVER_ERROR
            return error
        step["sure"] = True
        return self._aliased(step, answer) if step.get("served") else answer

    def _aliased(self, step: Step, answer: Any) -> Any:
        """A record that was made, under the uuid that it has to be served by, which is its alias from now on.

        A process that dies before that leaves a record in the journal that is taken back.
        """
        record, served = uuid_in(answer["url"]), step["served"]
        if record == served:
            return answer
        self.deployment.state.aliases.made(served, record, f"{step['register']}/{step['path']}")
        return renamed(answer, {record: served})

    # the journal

    def delete_for_good(self, deletes: list[Step], made: Made, tell: Sequence[Message] = ()) -> None:
        """Records cannot come back: from here on the journal says that this write is to be finished."""
        back = self._turn(deletes, made, tell)
        for each in deletes:
            try:
                delete(self.deployment, each["register"], each["path"])
            except AdapterError as error:
                if each is deletes[0] and self._was_refused(error, each):
                    back()
                raise

    def _was_refused(self, error: AdapterError, step: Step) -> bool:
        """Whether the register has answered that it does not delete, and has not."""
        answers = isinstance(error, Refused) or getattr(error, "status", 0) == SERVER_ERROR
        try:
            return answers and read(self.deployment, step["register"], step["path"]) is not None
        except AdapterError:
            return False

    def _turn(self, deletes: list[Step], made: Made, tell: Sequence[Message]) -> Callable[[], None]:
        """From here on the write is only finished; what this gives makes that undone."""
        for each in deletes:
            each.pop(AHEAD, None)
        journal, end = self.deployment.state.journal, [*deletes]
        if self.claim:
            remember = {"do": REMEMBER, "request": self.claim.request, "made": dict(made)}
            end.append({**remember, "until": self.claim.until})
        if tell:
            end.append({"do": TELL, "messages": list(tell)})
        if self._write is None:
            steps: list[Step] = []
            write = self._write = self._begun(end, TURNED)
        else:
            write = self._write
            steps = [each for each in write.steps if not each.get(AHEAD)]
            write.state, write.steps = TURNED, [*steps, *end]
            journal.save(write)

        def back() -> None:
            write.state, write.steps = OPEN, steps
            journal.save(write)

        return back

    def close(self, made: Made, tell: Sequence[Message] = ()) -> None:
        """The write is done; `made` is what to answer when its idempotency key comes again."""
        state = self.deployment.state
        if self._write is not None:
            claim = self.claim
            remember = (claim.request, made, claim.until) if claim else None
            state.journal.close(self._write, done=True, remember=remember, tell=tell)
        elif tell:
            state.outbox.add(tell)
        self._write = None

    def undo(self) -> None:
        """Take back everything; what cannot be taken back now is left to the sweep of the journal."""
        write, journal = self._write, self.deployment.state.journal
        self._write = None
        if write is None:
            return
        try:
            if write.state == TURNED:
                journal.leave(write)
                return
            write.steps = take_all_back(self.deployment, write)
            if write.steps:
                journal.leave(write)
            else:
                journal.close(write, done=False)
        except NoLongerOurs:
            log.warning("write_taken_over")
        except StateUnavailable:
            log.warning("journal_unavailable")
        finally:
            journal.idle(write)

    def _begun(self, steps: list[Step], state: str) -> OpenWrite:
        self.deployment.may_write()
        key = self.claim.id if self.claim else ""
        return self.deployment.state.journal.begin(self.operation, self.stripes, steps, key, state)

    def _save(self) -> None:
        with self._alone:
            if self._write is not None:
                self._write.stripes = list(self.stripes)
                self.deployment.state.journal.save(self._write)
