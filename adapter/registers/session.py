"""The HTTP session of one register: that of zgw-consumers, kept open and made safer."""

import copy
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

from adapter.registers.connections import BoundedAdapter
from adapter.registers.services import configure_django

configure_django()

from ape_pie import APIClient  # noqa: E402
from zgw_consumers.client import OAuth2Auth, ZGWAuth, build_client  # noqa: E402
from zgw_consumers.constants import AuthTypes  # noqa: E402

# All in seconds. Open Klant 1.0 answers 500 to an `iat` in the future, so `iat` is set back by more than
# clocks are expected to differ.
CLOCK_DIFFERENCE = 60
RENEW_BEFORE = 60
TOKEN_TIMEOUT = 10
FETCH_AGAIN_AFTER = 5
LONGEST_TOKEN = 3600
# The JWTs that are kept, one for each user.
MOST_USERS = 1000
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
USER_AGENT = "KlantBrug"


class Session(APIClient):
    """The session of a register.

    Prevents that a register sets cookies, which would tie requests of different callers together; that it
    redirects calls, and their credentials, elsewhere; and that environment variables override the configured
    certificates and proxies.
    """

    def __init__(self, base_url: str, request_kwargs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(base_url, request_kwargs, **kwargs)
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = USER_AGENT
        # One of the encodings that `body.read_body` decodes.
        self.headers["Accept-Encoding"] = "gzip"
        self._fixed_headers = {name: str(value) for name, value in self.headers.items() if name != "Accept"}

    def send_once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: tuple[float, float],
    ) -> requests.Response:
        """Send a request and receive the head of its answer; the caller reads the body and closes it.

        Calls the transport adapter directly: what `requests.Session.request` does besides (merging settings,
        cookies, redirects, hooks) takes as long as the call itself. `url` is used unchanged; `timeout` is
        (connect, read) in seconds.
        """
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, url, body
        prepared.headers = CaseInsensitiveDict({**self._fixed_headers, **headers})
        if body is not None or method in WITH_BODY:
            prepared.headers["Content-Length"] = str(len(body or b""))
        if callable(self.auth):
            self.auth(prepared)
        answer = self.get_adapter(url).send(
            prepared, stream=True, timeout=timeout, verify=self.verify or True, cert=self.cert
        )
        if answer.status_code == 401 and isinstance(self.auth, ClientCredentialsAuth):
            self.auth.forget()
        return answer


@dataclass
class JwtAuth(ZGWAuth):
    """The JWT of the ZGW APIs, renewed before it expires rather than after a 401.

    A request with the header `user_header` is made for the user in it, who is then the user in the JWT too.
    Threads share it.
    """

    user_header: str = ""

    def __post_init__(self) -> None:
        # By user, the last used one at the end: the JWT, and when on the clock of time.time it is renewed.
        self._tokens: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def _made(self, user: str) -> tuple[str, float]:
        """A new JWT for a user, "" for that of the service, and when it is to be renewed."""
        import jwt  # noqa: PLC0415

        now = int(time.time())
        expires = now + max(self.service.jwt_valid_for, 2 * RENEW_BEFORE)
        claims = {
            "iss": self.service.client_id,
            "iat": now - CLOCK_DIFFERENCE,
            "exp": expires,
            "client_id": self.service.client_id,
            "user_id": user or self.service.user_id,
            "user_representation": user or self.service.user_representation,
        }
        return jwt.encode(claims, self.service.secret, algorithm="HS256"), expires - RENEW_BEFORE

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the JWT to a request."""
        user = request.headers.get(self.user_header, "") if self.user_header else ""
        request.headers["Authorization"] = f"Bearer {self._token_of('' if user == self._own else user)}"
        return request

    @property
    def _own(self) -> str:
        return str(self.service.user_id)

    def _token_of(self, user: str) -> str:
        """The JWT for a user; "" is that of the service. Those of users of long ago are made anew."""
        with self._lock:
            token, renew_at = self._tokens.pop(user, ("", 0.0))
            if time.time() >= renew_at:
                token, renew_at = self._made(user)
            self._tokens[user] = token, renew_at
            while len(self._tokens) > MOST_USERS:
                self._tokens.popitem(last=False)
            return token


class ClientCredentialsAuth(OAuth2Auth):
    """OAuth2 client credentials (RFC 6749, section 4.4).

    The token is fetched at the first call, within a time limit, by one thread at a time.
    """

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._expires = 0.0
        self._not_before = 0.0

    def forget(self) -> None:
        """Discard the token, which the register refused; the next call fetches another."""
        self._expires = 0.0

    def _ensure_valid_token(self) -> None:
        with self._lock:
            if self._expires > time.time():
                return
            if time.time() < self._not_before:
                # Else each thread that waited for the lock would wait for the failing endpoint in turn.
                raise requests.ConnectionError("the token endpoint failed just now")
            self._not_before = time.time() + FETCH_AGAIN_AFTER
            self._fetch_token()
            self._not_before = 0.0

    def _fetch_token(self) -> None:
        from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error  # noqa: PLC0415
        from requests_oauthlib import OAuth2Session  # noqa: PLC0415

        client = BackendApplicationClient(client_id=self.service.client_id, scope=self.service.oauth2_scope)
        with OAuth2Session(client=client) as session:
            session.trust_env = False
            # A redirect would take the client's secret along.
            session.max_redirects = 0
            try:
                self._token = session.fetch_token(
                    token_url=self.service.oauth2_token_url,
                    client_id=self.service.client_id,
                    client_secret=self.service.secret,
                    timeout=TOKEN_TIMEOUT,
                )
            except (OAuth2Error, requests.TooManyRedirects):
                raise requests.ConnectionError("the token endpoint refused") from None
        lifetime = self._token.get("expires_in") or LONGEST_TOKEN
        self._expires = time.time() + min(float(lifetime), LONGEST_TOKEN) - RENEW_BEFORE / 2


def open_session(service: Any, connections: int, user_header: str = "") -> Session:
    """A session for an unsaved `Service`; it keeps so many `connections` open until it is closed.

    `user_header` is the header of a request with the user for whom it is made.
    """
    auth: AuthBase | None = None
    plain = service
    if service.auth_type == AuthTypes.oauth2_client_credentials:
        # build_client would fetch a token now, and KlantBrug must start without the token endpoint.
        plain = copy.copy(service)
        plain.auth_type = AuthTypes.no_auth
        auth = ClientCredentialsAuth(service)
    elif service.auth_type == AuthTypes.zgw:
        auth = JwtAuth(service, user_header=user_header)
    session = build_client(plain, client_factory=Session)
    session.__enter__()  # type: ignore[no-untyped-call]  # keeps connections open between calls
    session.auth = auth or session.auth
    adapter = BoundedAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session
