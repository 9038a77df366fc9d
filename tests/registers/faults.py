"""A small HTTP server that misbehaves on request, one path per fault, on a real socket."""

import gzip
import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = {"count": 0, "next": None, "previous": None, "results": []}


class FaultyHandler(BaseHTTPRequestHandler):
    """Answers by the first part of the path: /html, /redirect, /slow, /drip, /cut, /status/500, ..."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.respond
        raise AttributeError(name)

    def respond(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        seen = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode(),
        }
        self.server.seen.append(seen)  # type: ignore[attr-defined]
        name = self.path.partition("?")[0].removeprefix("/api/").replace("/", "_")
        getattr(self, f"answer_{name}", self.answer_echo)(seen)

    def send(
        self, status: int, content: bytes, content_type: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def answer_echo(self, seen: dict[str, Any]) -> None:
        self.send(200, json.dumps(seen).encode())

    def answer_html(self, seen: dict[str, Any]) -> None:
        self.send(404, b"<h1>Not Found</h1>", "text/html")

    def answer_broken(self, seen: dict[str, Any]) -> None:
        self.send(200, b'{"count": ')

    def answer_scalar(self, seen: dict[str, Any]) -> None:
        self.send(200, b"17")

    def answer_empty(self, seen: dict[str, Any]) -> None:
        self.send(200, b"")

    def answer_gone(self, seen: dict[str, Any]) -> None:
        self.send_response(204)
        self.end_headers()

    def answer_redirect(self, seen: dict[str, Any]) -> None:
        self.send(302, b"", Location="/api/echo")

    def answer_cookie(self, seen: dict[str, Any]) -> None:
        self.send(200, json.dumps(seen).encode(), Set_Cookie="session=one; Path=/")

    def answer_refused(self, seen: dict[str, Any]) -> None:
        self.send(400, b'{"code": "invalid"}')

    def answer_unauthenticated(self, seen: dict[str, Any]) -> None:
        self.send(401, b'{"code": "authentication_failed"}')

    def answer_fault(self, seen: dict[str, Any]) -> None:
        self.send(500, b"<h1>Server Error (500)</h1>", "text/html")

    def answer_busy(self, seen: dict[str, Any]) -> None:
        self.send(503, b"{}", Retry_After="42")

    def answer_limited(self, seen: dict[str, Any]) -> None:
        self.send(429, b"{}", Retry_After="99999")

    def answer_slow(self, seen: dict[str, Any]) -> None:
        time.sleep(0.6)
        self.send(200, json.dumps(PAGE).encode())

    def answer_drip(self, seen: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def answer_drip_head(self, seen: dict[str, Any]) -> None:
        """A head that never ends, each field well within the time for silence."""
        self.repeated(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05)

    def answer_long_head(self, seen: dict[str, Any]) -> None:
        self.repeated(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 60_000 + b"\r\n", 0)

    def answer_interim(self, seen: dict[str, Any]) -> None:
        """Always another interim answer, as fast as they are taken."""
        self.repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0)

    def answer_interim_drip(self, seen: dict[str, Any]) -> None:
        self.repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05)

    def repeated(self, start: bytes, piece: bytes, pause: float) -> None:
        self.close_connection = True
        until = time.monotonic() + 5
        try:
            self.wfile.write(start)
            while time.monotonic() < until:
                self.wfile.write(piece)
                if pause:
                    time.sleep(pause)
        except OSError:
            pass

    def answer_token(self, seen: dict[str, Any]) -> None:
        self.server.tokens += 1  # type: ignore[attr-defined]
        token = {"access_token": f"t{self.server.tokens}", "token_type": "Bearer", "expires_in": 3600}  # type: ignore[attr-defined]
        self.send(200, json.dumps(token).encode())

    def answer_chunked(self, seen: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b'{"count": 1, ', b'"results": [1]}'):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def answer_gzip(self, seen: dict[str, Any]) -> None:
        self.send(200, gzip.compress(json.dumps(seen).encode()), Content_Encoding="gzip")

    def answer_bomb(self, seen: dict[str, Any]) -> None:
        """Ten megabytes of nothing in ten kilobytes."""
        self.send(200, gzip.compress(b" " * 10_000_000), Content_Encoding="gzip")

    def answer_long(self, seen: dict[str, Any]) -> None:
        self.send(200, json.dumps([" " * 200_000]).encode())

    def answer_deep(self, seen: dict[str, Any]) -> None:
        self.send(200, b"[" * 50_000 + b"]" * 50_000)

    def answer_miscoded(self, seen: dict[str, Any]) -> None:
        self.send(200, b"{}", Content_Encoding="gzip")

    def answer_unknowncoding(self, seen: dict[str, Any]) -> None:
        self.send(200, b"{}", Content_Encoding="br")

    def answer_gone502(self, seen: dict[str, Any]) -> None:
        self.send(502, b"<h1>Bad gateway</h1>", "text/html")

    def answer_portal307(self, seen: dict[str, Any]) -> None:
        self.send(307, b"", Location="/api/token")

    def answer_cut(self, seen: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b'{"count": 1')
        self.hang_up()

    def answer_once(self, seen: dict[str, Any]) -> None:
        """The first connection breaks before an answer, the second is served."""
        if sum(entry["path"] == self.path for entry in self.server.seen) == 1:  # type: ignore[attr-defined]
            self.hang_up()
        else:
            self.answer_echo(seen)

    def answer_hangup(self, seen: dict[str, Any]) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


class FaultyServer(ThreadingHTTPServer):
    """Keeps what it saw, and counts connections."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FaultyHandler)
        self.seen: list[dict[str, Any]] = []
        self.connections = 0
        self.tokens = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/"
