"""Registers that answer from memory, as fast as this machine has them: raw sockets on uvloop."""

import argparse
import asyncio
from pathlib import Path

import orjson
import uvloop

from benchmarks.tape import Tape

NOT_RECORDED = b'{"detail": "not recorded"}'


class Memory:
    """The answers of one register."""

    def __init__(self, tape: Tape, port: int, delay: float) -> None:
        self.port, self.delay = port, delay
        self.answers = {key[1:]: _response(*answer) for key, answer in tape.answers.items() if key[0] == port}
        self.made = {
            key[1:3]: orjson.loads(answer[1])
            for key, answer in tape.answers.items()
            if key[0] == port and key[1] == "POST" and answer[0] == 201
        }

    def answer(self, method: str, target: str, body: bytes) -> bytes:
        """What was recorded. What is made says what was sent, at the address that was recorded."""
        if method == "POST" and (made := self.made.get((method, target))) is not None:
            return _response(201, orjson.dumps({**made, **orjson.loads(body)}))
        searched = body if target.split("?", maxsplit=1)[0].endswith("/search") else b""
        return self.answers.get((method, target, searched)) or _response(404, NOT_RECORDED)


class Connection(asyncio.Protocol):
    """One connection with KlantBrug; requests come one after the other."""

    def __init__(self, memory: Memory) -> None:
        self.memory, self.buffer = memory, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n")[0]) if at >= 0 else 0
        if len(body) < length:
            return
        self.buffer = body[length:]
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        answer = self.memory.answer(method, target, body[:length])
        if self.memory.delay:
            asyncio.get_running_loop().call_later(self.memory.delay, self.transport.write, answer)
        else:
            self.transport.write(answer)


def _response(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _serve(tape: Tape, delay: float) -> None:
    loop = asyncio.get_running_loop()
    for name in ("zaken", "klanten", "objects"):
        memory = Memory(tape, tape.places[name].port, delay)
        await loop.create_server(lambda memory=memory: Connection(memory), "127.0.0.1", memory.port)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("tape", type=Path)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    uvloop.run(_serve(Tape.load(given.tape), given.delay))
