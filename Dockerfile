# KlantBrug in a small image: no compiler, no root, no shell needed, nothing written outside /var/lib/klantbrug.
#
#   docker run --read-only -v ./klantbrug.yaml:/etc/klantbrug/klantbrug.yaml:ro -v klantbrug:/var/lib/klantbrug -p 8000:8000 klantbrug
#
# In the configuration, put the state below /var/lib/klantbrug, or in PostgreSQL. Dialects of your own are a volume
# too: -v ./mappings:/etc/klantbrug/mappings:ro, with `mappings: /etc/klantbrug/mappings` in the configuration.

# The base; a release gives it with its digest (make image BASE=python:3.12-slim@sha256:...).
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_COMPILE=1
WORKDIR /source
COPY requirements ./requirements
# Exactly what is locked; pip refuses a package with another hash.
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --no-deps --requirement requirements/build.txt \
 && python -m venv --without-pip /opt/klantbrug \
 && /opt/build/bin/pip --python /opt/klantbrug/bin/python install --require-hashes --no-deps --requirement requirements/run.txt
COPY pyproject.toml README.md ./
COPY specs ./specs
COPY mappings ./mappings
COPY adapter ./adapter
# Compiled here, because the image is read-only when it runs. The SBOM says what is in it.
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/build/bin/pip --python /opt/klantbrug/bin/python install --no-deps /wheels/*.whl \
 && /opt/build/bin/cyclonedx-py environment /opt/klantbrug/bin/python --pyproject pyproject.toml \
      --mc-type application --output-reproducible --of JSON --output-file /opt/klantbrug/sbom.cdx.json \
 && /opt/klantbrug/bin/python -m compileall -q -j 0 /opt/klantbrug/lib

FROM ${BASE}
ARG BASE
ARG VERSION
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.title="KlantBrug" \
      org.opencontainers.image.description="The Klantinteracties API over the registers that a municipality has" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE}"
ENV PATH=/opt/klantbrug/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KLANTBRUG_BUILD_DATE=$CREATED \
    KLANTBRUG_COMMIT=$REVISION \
    MALLOC_ARENA_MAX=2
COPY --from=build /opt/klantbrug /opt/klantbrug
RUN install -d -o 65532 -g 65532 /var/lib/klantbrug
USER 65532:65532
WORKDIR /var/lib/klantbrug
VOLUME /var/lib/klantbrug
EXPOSE 8000
STOPSIGNAL SIGTERM
# Tells of this process only: a register that is down is no reason to start it anew.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import http.client as http, sys\n\
connection = http.HTTPConnection('127.0.0.1', 8000, timeout=4)\n\
connection.request('GET', '/_healthz/livez')\n\
sys.exit(connection.getresponse().status != 200)"]
ENTRYPOINT ["klantbrug"]
CMD ["serve", "--config", "/etc/klantbrug/klantbrug.yaml", "--host", "0.0.0.0", "--port", "8000"]
