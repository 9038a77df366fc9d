"""The service as the HTTP face knows it; defined below it, where those who implement it may import it."""

from adapter.service import Caller, IdempotencyKey, ListQuery, Page, Representation, Service

__all__ = ["Caller", "IdempotencyKey", "ListQuery", "Page", "Representation", "Service"]
