# The portal's image: one for web, worker and beat (compose.yaml says what each of them runs).

FROM node:22-slim AS front
WORKDIR /portal
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.13-slim AS packages
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /portal portal && install -d -o portal -g portal /state
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATE_DIR=/state STATIC_ROOT=/portal/collected
WORKDIR /portal
COPY --from=packages /venv /venv
COPY --from=front /portal/node_modules node_modules
COPY . .
# The key serves this one command; a running portal needs its own.
RUN SECRET_KEY=collecting-static-files-needs-some-key-and-keeps-none DATABASE_URL=postgresql:///none \
    python manage.py collectstatic --no-input
USER portal
VOLUME /state
EXPOSE 8000
CMD ["gunicorn", "cluster_portal.wsgi", "--bind=0.0.0.0:8000", "--threads=4", "--access-logfile=-", \
     "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
