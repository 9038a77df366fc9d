"""The settings of the HTTP face."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from adapter.api.access import Proxies
from adapter.api.bodies import Bounds
from adapter.api.tokens import Token

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The settings of the HTTP face.

    public_url: the base URL as clients know it, with its path: `https://host/klantinteracties/api/v1`.
    other_urls: further ones; links follow the one under which was asked.
    threads: the most requests that run at once; most_threads: the same with those that only wait.
    ready_with_room: whether the process is not ready while requests queue for a thread.
    body_limit: the longest body, in bytes; body_seconds: the time in which it has to arrive.
    request_seconds: the time after which a read makes no more register calls.
    wrong_tokens: the wrong tokens that an address may try in a minute.
    bounds: the limits to the contents of a body.
    register_calls: the most register calls of one read.
    """

    public_url: str
    tokens: tuple[Token, ...] = ()
    threads: int = 40
    body_limit: int = 10 * MEGABYTE
    request_seconds: float = 60.0
    body_seconds: float = 30.0
    proxies: Proxies = field(default_factory=Proxies)
    wrong_tokens: int = 30
    bounds: Bounds = field(default_factory=Bounds)
    register_calls: int = 2500
    most_threads: int = 200
    ready_with_room: bool = False
    other_urls: tuple[str, ...] = ()

    @property
    def base_url(self) -> str:
        """The public URL without a slash at its end."""
        return self.public_url.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and host of the public URL."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"
