"""The server under load: first screen, a typical simulation at 4 clients, 50 clients for a minute, memory meanwhile.

`python benchmarks/web.py` starts a server of its own on loopback, on a free port, and ends it. Every request asks for
another dose, so that nothing comes from what is kept. Times are of the client, in the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path

import httpx2
import numpy as np

FIRST_SCREEN_S, FIRST_SCREEN_BYTES, P95_MS = 1.0, 200_000, 500.0
doses = count(1)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60.0, help="of the load of 50 clients")
    options.add_argument("--people", type=int, default=1000, help="simulated in each request")
    asked = options.parse_args()
    command = [sys.executable, "-m", "anagen", "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found
            asyncio.run(measure(found[0].rstrip("/"), server.pid, asked.seconds, asked.people))
        finally:
            server.terminate()


async def measure(address: str, pid: int, seconds: float, people: int) -> None:
    """Ask, and print what comes out."""
    print(f"load average at the start: {os.getloadavg()[0]:.1f}; {os.cpu_count()} processors")
    async with httpx2.AsyncClient(base_url=address, timeout=120) as client:
        started = time.perf_counter()
        page = await client.get("/")
        parts = [page, *[await client.get(part) for part in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)]]
        took, size = time.perf_counter() - started, sum(len(part.content) for part in parts)
        gates = f"gates {FIRST_SCREEN_S:.0f} s and {FIRST_SCREEN_BYTES:,}"
        print(f"first screen: {1000 * took:.0f} ms, {size:,} bytes in {len(parts)} requests ({gates})")
        for _ in range(20):  # programs are loaded
            await simulate(client, people)
        for clients in (1, 2, 4):
            times = await load(client, clients, 15.0, people, Counter())
            low, middle, high = np.quantile(times, (0.05, 0.5, 0.95))
            print(
                f"{clients} clients, {people:,} people: p5 {low:.0f}, median {middle:.0f}, p95 {high:.0f} ms "
                f"({len(times)} requests){f', gate {P95_MS:.0f}' if clients == 4 else ''}"
            )
        before, answers, memory = resident_mb(pid), Counter[int](), []
        running = asyncio.create_task(load(client, 50, seconds, people, answers))
        while not running.done():
            await asyncio.sleep(1)
            memory.append(resident_mb(pid))
        times = running.result()
        print(
            f"50 clients for {seconds:.0f} s: {dict(answers)}, median of 200s {np.median(times):.0f} ms; memory "
            f"{before:.0f} MB before, {memory[len(memory) // 4]:.0f} after a quarter, {memory[-1]:.0f} at the end"
        )


async def load(
    client: httpx2.AsyncClient, clients: int, seconds: float, people: int, answers: Counter[int]
) -> list[float]:
    """Milliseconds of each request answered with 200; every client asks again as soon as it is answered."""
    until, times = time.perf_counter() + seconds, []

    async def one() -> None:
        while time.perf_counter() < until:
            started = time.perf_counter()
            status, wait = await simulate(client, people)
            answers[status] += 1
            if status == 200:
                times.append(1000 * (time.perf_counter() - started))
            elif status == 429:
                await asyncio.sleep(wait)

    await asyncio.gather(*(one() for _ in range(clients)))
    return times


async def simulate(client: httpx2.AsyncClient, people: int) -> tuple[int, float]:
    """Status, and the seconds after which to ask again."""
    mg = 5 + next(doses) % 40_000 / 1000
    body = {"regimen": f"{mg:g} mg once daily with food for 24 weeks", "people": people}
    answer = await client.post("/api/v1/simulate", json=body)
    return answer.status_code, float(answer.headers.get("retry-after", 1))


def resident_mb(pid: int) -> float:
    """Memory of the server, without its children."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1000 if found else float("nan")


if __name__ == "__main__":
    main()
