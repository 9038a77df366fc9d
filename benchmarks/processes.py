"""The servers of a measurement as processes of their own, and what they cost: CPU and memory from /proc."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapter.demo.places import free_ports

STOP_SECONDS = 10


@dataclass
class Served:
    """A server that runs."""

    process: subprocess.Popen[str]
    port: int
    started_in: float

    def cpu(self) -> float:
        """CPU seconds so far, to 10 ms, of threads that have ended too."""
        # The name of the program, in parentheses, may hold spaces (proc(5), /proc/pid/stat).
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB that it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def started(module: str, *arguments: str, port: int = 0, ready: int = 1) -> Iterator[Served]:
    """A module of this package as a process, once it, or each of its workers, says that it is ready."""
    if not port:
        (port,) = free_ports(1)
    order = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    if module == "servers":
        order += ["--port", str(port)]
    begun = time.perf_counter()
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for _ in range(ready):
                if process.stdout.readline().strip() != "ready":
                    raise RuntimeError(f"{module} {arguments} did not start")
            yield Served(process, port, time.perf_counter() - begun)
        finally:
            # a parent of workers ends them
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
