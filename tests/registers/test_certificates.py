"""Registers behind mutual TLS, with a certificate authority of the municipality's own."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from adapter.errors import RegisterUnavailable
from adapter.registers.client import Register
from adapter.registers.services import Certificate, build_service
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.registers.conftest import LIMITS
from tests.registers.faults import FaultyServer

LOCAL = x509.IPAddress(IPv4Address("127.0.0.1"))


def make_certificate(folder: Path, name: str, issuer: tuple | None = None) -> tuple:
    """A certificate and key as PEM files; self-signed, or signed by an issuer made here."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issued_by, signing = issuer or (subject, key)
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # From Python 3.13 on a certificate has to name the key that signed it, as RFC 5280 wants.
    signed_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(identifier, critical=False)
        .add_extension(signed_by, critical=False)
        .add_extension(_usage(authority=issuer is None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.key").write_bytes(private)
    return subject, key


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.fixture
def pki(tmp_path: Path) -> Path:
    authority = make_certificate(tmp_path, "authority")
    make_certificate(tmp_path, "server", authority)
    make_certificate(tmp_path, "client", authority)
    return tmp_path


@pytest.fixture
def secure_server(pki: Path) -> Iterator[FaultyServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki / "server.pem", pki / "server.key")
    context.load_verify_locations(pki / "authority.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with FaultyServer() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def call(server: FaultyServer, certificates: dict[str, Certificate]) -> int:
    base = server.base.replace("http:", "https:")
    values = {"identifier": "test", "api_type": "orc", "api_root": base, "auth_type": "no_auth"}
    register = Register("klanten", build_service(values, certificates), limits=LIMITS)
    try:
        return register.call("GET", "echo").status
    finally:
        register.close()


def test_both_certificates_of_the_configuration_are_used(secure_server, pki, monkeypatch):
    # The environment must not overrule the configuration.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pki / "client.pem"))
    own = Certificate(str(pki / "client.pem"), str(pki / "client.key"))
    trusted = Certificate(str(pki / "authority.pem"))
    assert call(secure_server, {"client_certificate": own, "server_certificate": trusted}) == 200


def test_a_server_that_nobody_vouches_for_is_not_spoken_to(secure_server, pki):
    own = Certificate(str(pki / "client.pem"), str(pki / "client.key"))
    with pytest.raises(RegisterUnavailable):
        call(secure_server, {"client_certificate": own})
    assert secure_server.seen == []
