# One image for workers, Flower and the command line.
FROM python:3.13.11-slim-bookworm@sha256:20080e807bfc404f8450b185cf0fc95d553462673598549613735f70a5b4d5d0

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --create-home --uid 10001 mapper
WORKDIR /srv/mapper

# The pinned packages first: they change less often than the code.
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes --only-binary=:all: -r requirements/runtime.txt

COPY pyproject.toml README.md LICENSE ./
COPY mapper_tasks mapper_tasks
COPY worker_config worker_config
# Where it is installed, not here, is what runs: nobody can change it but root.
RUN pip install --no-deps --no-build-isolation . && rm -rf build mapper_tasks worker_config ./*.egg-info

USER 10001
WORKDIR /home/mapper
CMD ["celery", "-A", "worker_config", "worker"]
