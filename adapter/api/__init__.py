"""The HTTP face: the specification served by generic handlers over a `Service`."""

from adapter.api.app import create_app
from adapter.api.settings import ApiSettings
from adapter.api.tokens import Token, hash_token
from adapter.service import Caller, IdempotencyKey, ListQuery, Page, Service

__all__ = [
    "ApiSettings",
    "Caller",
    "IdempotencyKey",
    "ListQuery",
    "Page",
    "Service",
    "Token",
    "create_app",
    "hash_token",
]
