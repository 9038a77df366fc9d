"""The settings of the HTTP face, from a configuration."""

from adapter.api.access import Proxies
from adapter.api.bodies import Bounds
from adapter.api.settings import ApiSettings
from adapter.api.tokens import Token
from adapter.configuration import Configuration


def api_settings(configuration: Configuration) -> ApiSettings:
    """The settings of the HTTP face."""
    follows = bool(configuration.settings["legacy_fields"])
    limits = configuration.limits
    return ApiSettings(
        public_url=configuration.public_url,
        other_urls=configuration.other_urls,
        tokens=tuple(
            Token(
                name=token.name,
                hash=token.hash,
                plain=token.plain,
                operations=token.operations,
                legacy_fields=follows if token.legacy_fields is None else token.legacy_fields,
                client_id=token.client_id,
                secret=token.secret,
                expires=token.expires,
                certificate=token.certificate,
                changing=token.changing,
                settings=token.settings,
                settle=token.settle,
            )
            for token in configuration.tokens
        ),
        threads=limits.threads,
        ready_with_room=configuration.ready_with_room,
        most_threads=limits.threads * (len(configuration.registers) + 1),
        body_limit=limits.body_bytes,
        request_seconds=limits.request_timeout,
        proxies=Proxies(configuration.access.proxies, configuration.access.certificate_header),
        wrong_tokens=limits.wrong_tokens,
        bounds=Bounds(limits.list_items, limits.record_bytes, limits.references),
        register_calls=limits.register_calls,
    )
