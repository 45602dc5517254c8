# Small (no compiler, no tests), not root, and nothing but /data and /tmp is ever written: run it with --read-only.
FROM python:3.11-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY knowledge knowledge
COPY tools tools
COPY assistant assistant
COPY integrations integrations
COPY evals evals
# Kubernetes and ONNX come with ChromaDB for things we do not use, and are a third of all.
RUN python -m venv /opt/dragoman \
 && /opt/dragoman/bin/pip install --no-cache-dir --compile -c constraints.txt ".[postgres,otel]" \
 && /opt/dragoman/bin/pip uninstall --yes kubernetes onnxruntime

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin dragoman \
 && mkdir /data && chown dragoman: /data
COPY --from=build /opt/dragoman /opt/dragoman
ENV PATH=/opt/dragoman/bin:$PATH PYTHONDONTWRITEBYTECODE=1 DRAGOMAN_HOME=/data DRAGOMAN_ENVIRONMENT=production HOME=/tmp
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
  CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["dragoman"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
