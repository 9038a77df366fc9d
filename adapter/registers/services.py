"""The services of a municipality as zgw-consumers knows them, without a database behind Django.

Every other module gets its `Service` from here, so that Django is configured once, before the first import of
a model, and with nothing more than those models need.
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
    """Configure Django for unsaved models; safe to call more than once."""
    import django  # noqa: PLC0415  (costs a tenth of a second: only who builds a service pays it)

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
    """Paths of a PEM certificate and, for a client certificate, of its key."""

    public_certificate: str
    private_key: str = ""


@cache
def service_schema() -> dict[str, Any]:
    """The JSON Schema of one entry of `zgw_consumers: services:`, defaults included."""
    configure_django()
    from zgw_consumers.contrib.setup_configuration.models import (  # noqa: PLC0415
        SingleServiceConfigurationModel,
    )

    # Through JSON, because Django's titles and descriptions are translated only when they are read.
    schema: dict[str, Any] = orjson.loads(
        orjson.dumps(SingleServiceConfigurationModel.model_json_schema(), default=str)
    )
    return schema


def build_service(values: Mapping[str, Any], certificates: Mapping[str, Certificate] | None = None) -> Any:
    """An unsaved zgw-consumers `Service` from one checked entry of `zgw_consumers: services:`.

    `certificates` has `client_certificate` and `server_certificate`, both optional.
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
