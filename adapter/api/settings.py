"""What a deployment decides about the HTTP face."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from adapter.api.access import Proxies
from adapter.api.bodies import Bounds
from adapter.api.tokens import Token

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`public_url` is the base URL as clients know it, path included (`https://host/klantinteracties/api/v1`).

    `threads` bounds the requests that are handled at once, `most_threads` those with the ones that only wait
    for something; with `ready_with_room` the process is not ready when others wait. `body_limit` is in bytes;
    `request_seconds` is how long a request may take before its register calls are given up, `body_seconds`
    how long its body. An address may try `wrong_tokens` different ones in a minute. `bounds` are
    those of a body; a read may make so many `register_calls`.
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

    @property
    def base_url(self) -> str:
        """The public URL without a slash at its end."""
        return self.public_url.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and host of the public URL."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"
