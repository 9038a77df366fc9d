"""The `Service` of zgw-consumers, used without a database.

zgw-consumers is a Django application. Other modules get their `Service` here, because Django has to be
configured once, before its first model is imported.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.conf import settings

CERTIFICATE_FIELDS = ("client_certificate", "server_certificate")


@cache
def configure_django() -> None:
    """Configure Django for models that are never saved; may be called more than once."""
    import django  # noqa: PLC0415  (takes a tenth of a second, which other commands need not spend)

    if settings.configured:
        return
    settings.configure(
        INSTALLED_APPS=["simple_certmanager", "zgw_consumers"],
        SECRET_KEY=secrets.token_urlsafe(32),
        USE_TZ=True,
        # Certificates are named by their full path in the configuration.
        STORAGES={
            "privates": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": "/"},
            }
        },
        LOGGING_CONFIG=None,
    )
    django.setup()


@dataclass(frozen=True, slots=True)
class Certificate:
    """The paths of a certificate in PEM format and, for a client certificate, of its key."""

    public_certificate: str
    private_key: str = ""


@cache
def service_schema() -> dict[str, Any]:
    """The JSON Schema of one entry of `zgw_consumers: services:`, defaults included."""
    configure_django()
    from zgw_consumers.contrib.setup_configuration.models import (  # noqa: PLC0415
        SingleServiceConfigurationModel,
    )

    # Through JSON, which resolves the titles and descriptions that Django translates lazily.
    schema: dict[str, Any] = orjson.loads(
        orjson.dumps(SingleServiceConfigurationModel.model_json_schema(), default=str)
    )
    return schema


def build_service(values: Mapping[str, Any], certificates: Mapping[str, Certificate] | None = None) -> Any:
    """An unsaved `Service` from one entry of `zgw_consumers: services:`, valid under `service_schema`.

    `certificates` may have `client_certificate` and `server_certificate`.
    """
    configure_django()
    from zgw_consumers.models import Service  # noqa: PLC0415

    fields = {
        name: value for name, value in values.items() if name not in ("identifier", *CERTIFICATE_FIELDS)
    }
    service = Service(slug=values["identifier"], **fields)
    if not service.api_root.endswith("/"):
        service.api_root += "/"
    for name, certificate in (certificates or {}).items():
        setattr(service, name, _certificate(certificate))
    return service


def _certificate(certificate: Certificate) -> Any:
    from simple_certmanager.models import Certificate as Stored  # noqa: PLC0415

    return Stored(public_certificate=certificate.public_certificate, private_key=certificate.private_key)
