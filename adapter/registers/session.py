"""The HTTP session of one register: the client of zgw-consumers, kept open and tightened."""

import copy
import threading
import time
from collections.abc import Mapping
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

# Registers answer 500 to an `iat` in the future, so a token is dated back by more than clocks differ.
CLOCK_DIFFERENCE = 60
RENEW_BEFORE = 60
TOKEN_TIMEOUT = 10
FETCH_AGAIN_AFTER = 5
LONGEST_TOKEN = 3600
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
USER_AGENT = "KlantBrug"


class Session(APIClient):
    """The session of a register.

    Prevents what could otherwise be brought about from outside: cookies that tie requests together, redirects
    to somewhere else, an environment that overrules the certificates of the configuration.
    """

    def __init__(self, base_url: str, request_kwargs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(base_url, request_kwargs, **kwargs)
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["User-Agent"] = USER_AGENT
        # What `body.read_body` can undo within bounds.
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
        """One request and the head of its answer; the caller reads the body and closes the response.

        Goes straight to the adapter, since what `request` does besides (merging settings that are always the
        same, cookies, redirects, hooks) takes as long again as the call itself. `url` is used as it is given.
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


class JwtAuth(ZGWAuth):
    """The JWT of the ZGW APIs, renewed before it expires instead of after a refusal."""

    def _generate_token(self) -> str:
        import jwt  # noqa: PLC0415

        now = int(time.time())
        expires = now + max(self.service.jwt_valid_for, 2 * RENEW_BEFORE)
        self._renew_at = expires - RENEW_BEFORE
        claims = {
            "iss": self.service.client_id,
            "iat": now - CLOCK_DIFFERENCE,
            "exp": expires,
            "client_id": self.service.client_id,
            "user_id": self.service.user_id,
            "user_representation": self.service.user_representation,
        }
        return jwt.encode(claims, self.service.secret, algorithm="HS256")

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request."""
        if time.time() >= self._renew_at:
            self._token = self._generate_token()
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class ClientCredentialsAuth(OAuth2Auth):
    """OAuth2 client credentials: fetched at the first call, within a time limit, by one thread at a time."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._expires = 0.0
        self._not_before = 0.0

    def forget(self) -> None:
        """Fetch a token anew at the next call: the register no longer takes this one."""
        self._expires = 0.0

    def _ensure_valid_token(self) -> None:
        with self._lock:
            if self._expires > time.time():
                return
            if time.time() < self._not_before:
                # So that those who waited for this lock do not each wait for the endpoint as well.
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
            # The client's secret would go along.
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


def open_session(service: Any, connections: int) -> Session:
    """A session for an unsaved `Service` that keeps up to `connections` connections alive until closed."""
    auth: AuthBase | None = None
    plain = service
    if service.auth_type == AuthTypes.oauth2_client_credentials:
        # build_client would fetch a token at once, and a start must not depend on it.
        plain = copy.copy(service)
        plain.auth_type = AuthTypes.no_auth
        auth = ClientCredentialsAuth(service)
    elif service.auth_type == AuthTypes.zgw:
        auth = JwtAuth(service)
    session = build_client(plain, client_factory=Session)
    session.__enter__()  # type: ignore[no-untyped-call]  # keeps connections open between calls
    session.auth = auth or session.auth
    adapter = BoundedAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session
