# The line, as a user without rights on a file system that may be read-only; only /tmp is written to.
# For a build that gives the same twice, pin the base by digest: --build-arg BASE=python:3.13-slim-bookworm@sha256:...
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY requirements/postgres.lock requirements/postgres.lock
RUN python -m venv /opt/ivr \
 && /opt/ivr/bin/pip install --no-cache-dir --require-hashes -r requirements/postgres.lock
COPY pyproject.toml README.md LICENSE ./
COPY ivr ivr
COPY call_flows call_flows
COPY municipalities municipalities
COPY scenarios scenarios
COPY deploy deploy
RUN /opt/ivr/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${BASE}
LABEL org.opencontainers.image.title="ivr-116117" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.description="A call router for 116 117: practice equipment, not a medical service"
COPY --from=build /opt/ivr /opt/ivr
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin ivr \
 && install -d -o 10001 -m 700 /var/lib/ivr
# Records are kept only where DATABASE_URL says: what is written here is gone with the container.
ENV PATH=/opt/ivr/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LOG_FORMAT=json PORT=5000 DATABASE_URL=off
USER 10001
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/live', timeout=2)"]
CMD ["ivr", "serve", "--host", "0.0.0.0"]
