"""States to test: in a file, and in one PostgreSQL for all."""

from tests.state.conftest import address, postgres

__all__ = ["address", "postgres"]
