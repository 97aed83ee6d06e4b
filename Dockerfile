# One image for workers, Flower and the command line.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --create-home --uid 10001 mapper
WORKDIR /srv/mapper

# The pinned packages first: they change less often than the code.
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/runtime.txt

COPY pyproject.toml README.md LICENSE ./
COPY mapper_tasks mapper_tasks
COPY worker_config worker_config
RUN pip install --no-deps --no-build-isolation .

USER mapper
CMD ["celery", "-A", "worker_config", "worker"]
