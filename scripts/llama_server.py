"""Serve a GGUF file with llama.cpp on loopback until standard input closes; prints its address once it answers.

Run: .venv/bin/python scripts/llama_server.py MODEL.gguf [context in tokens] [slots]
"""

# ruff: noqa: T201

from __future__ import annotations

import sys

import xllamacpp


def serve(path: str, context: int = 8192, slots: int = 2, threads: int = 1) -> xllamacpp.Server:
    """A server of a model that answers until it is dropped; each slot keeps the prompt it read last, so that of a
    prompt that begins like it only the rest is read. Threads that find no free core wait for each other: one, beside
    other work.
    """
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx, params.n_parallel, params.n_predict = context * slots, slots, 400
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    params.ui, params.endpoint_slots, params.offline, params.cache_ram_mib = False, False, True, 0
    params.sampling.temp, params.sampling.seed = 0.0, 1
    return xllamacpp.Server(params)


if __name__ == "__main__":
    path, *more = sys.argv[1:]
    server = serve(path, *map(int, more))
    print(f"{server.listening_address}/v1", flush=True)
    sys.stdin.read()
