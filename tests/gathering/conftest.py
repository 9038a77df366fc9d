"""States to test: in a file, and in one PostgreSQL for all."""

from tests.state.conftest import address

__all__ = ["address"]
