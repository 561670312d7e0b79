# The image of web, worker and beat. It holds no secret and needs none to be built.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --silent

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 PATH=/app/.venv/bin:$PATH
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev
COPY . .
COPY --from=packages /app/node_modules node_modules
RUN python -m talentmap.operations.translations \
    && TALENTMAP_MODE=demo STATIC_ROOT=/app/staticfiles python manage.py collectstatic --no-input \
    && rm -rf node_modules tests benchmarks

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 talentmap \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin talentmap \
    && install --directory --mode=0700 --owner=talentmap --group=talentmap /var/lib/talentmap /var/lib/talentmap/backups
# The code belongs to root: the site cannot change itself.
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=talentmap.settings \
    TALENTMAP_MODE=production \
    TALENTMAP_STATE_DIR=/var/lib/talentmap \
    STATIC_ROOT=/app/staticfiles \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001:10001
EXPOSE 8000
VOLUME ["/var/lib/talentmap"]
HEALTHCHECK --interval=30s --timeout=15s --start-period=30s --retries=3 \
    CMD ["python", "-m", "talentmap.operations.health"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "talentmap.wsgi"]
