#!/usr/bin/env python3
"""Runs the shards of a Cofferdam campaign on a Ray cluster.

    driver.py stress plan.json --out out/big            price paths of a plan
    driver.py hunt --shards 0..64 --out out/hunt        a hunt for bugs

A shard is a pure function of its plan and its number, so it does not matter which worker plays
it, how often, or in what order: the result is the same to the bit as that of one process. Nothing
has to be shared between the machines but the `cofferdam` binary, the same file on each of them.

A worker that dies is replaced by Ray and its shards are played again; a shard that fails is tried
again up to --retries times. What is valid in the folder is never played again, so an interrupted
driver goes on where it stopped.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import ray

MAGIC = b"CFDSHRD1"
SUM_LEN = 32
# A hunt ends in 1 with a finding and in 3 when too little was tried to mean anything: both are
# results of a shard, and the driver's last run over all of them says which it is.
HUNT_CODES = (0, 1, 3)


class ShardFailed(Exception):
    """A shard that failed on every try."""


def is_valid(path, plan_hash, index):
    """Whether a file is the whole result of a shard."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    body, digest = data[:-SUM_LEN], data[-SUM_LEN:]
    head = MAGIC + plan_hash.encode() + index.to_bytes(8, "little")
    return body.startswith(head) and hashlib.sha256(body).digest() == digest


def write_whole(path, data):
    """Writes a file under another name and renames it: nobody ever sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part{os.getpid()}")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def batches(indexes, size):
    """Runs of neighbouring numbers, at most `size` long, as (first, after the last)."""
    runs = []
    for index in indexes:
        if runs and runs[-1][1] == index and index - runs[-1][0] < size:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def note_start(notes):
    """Leaves the process's number where a test finds it."""
    if notes:
        (pathlib.Path(notes) / str(os.getpid())).touch()


def call(command, accepted=(0,)):
    """Runs a command; its last line of complaint is the error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in accepted:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise ShardFailed(f"{' '.join(command[:4])}: exit {done.returncode}: {lines[-1]}")


def stress_task(binary, plan, inputs, run, notes):
    """Plays some shards of a plan in a folder of its own; returns their files by name."""
    note_start(notes)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        # The plan's hash does not cover where its scenario lies: here it lies beside its prices.
        plan = {**plan, "scenario_file": str(root / "scenario.toml")}
        (root / "plan.json").write_text(json.dumps(plan))
        for name, data in inputs.items():
            write_whole(root / name, data)
        first, after = run
        call([binary, "stress", "shard", str(root / "plan.json"), f"{first}..{after}"])
        files = sorted((root / "shards").glob("*/*.shard"))
        return {str(file.relative_to(root)): file.read_bytes() for file in files}


def hunt_task(binary, options, run, notes):
    """Runs some shards of a hunt in a folder of its own; returns their files by name."""
    note_start(notes)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        first, after = run
        command = [binary, "hunt", "run", "--shards", f"{first}..{after}", "--out", str(root)]
        call([*command, "--quiet", "--ungated", *options], HUNT_CODES)
        files = sorted((root / "shards").glob("*.bin"))
        return {str(file.relative_to(root)): file.read_bytes() for file in files}


def drive(submit, runs, out, retries, tell):
    """Keeps every run in flight until it is there; returns how often something was tried again."""
    waiting = {submit(run): (run, 1) for run in runs}
    done, again = 0, 0
    while waiting:
        ready, _ = ray.wait(list(waiting), num_returns=1)
        run, tries = waiting.pop(ready[0])
        try:
            files = ray.get(ready[0])
        except (ray.exceptions.RayTaskError, ray.exceptions.RaySystemError,
                ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError) as error:
            if tries > retries:
                raise ShardFailed(f"shards {run[0]}..{run[1]} failed {tries} times: {error}") from error
            again += 1
            time.sleep(min(2 ** tries * 0.1, 10.0))
            waiting[submit(run)] = (run, tries + 1)
            continue
        for name, data in files.items():
            write_whole(out / name, data)
        done += 1
        tell(done, len(runs))
    return again


def remote(task, retries):
    """The task with Ray's own retries, for workers that die."""
    # Workers have no copy of this file: what they run goes along with the task.
    if __name__ != "__main__":
        ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    return ray.remote(num_cpus=1, max_retries=retries)(task)


def stress(plan_file, out, binary, batch=1, retries=5, notes=None, tell=lambda done, total: None):
    """Plays what is missing of a plan into `out`; returns how many batches that took."""
    plan = json.loads(pathlib.Path(plan_file).read_text())
    out = pathlib.Path(out)
    folder = out / "shards" / plan["hash"][:16]
    missing = [index for index in range(plan["shards"])
               if not is_valid(folder / f"{index:05}.shard", plan["hash"], index)]
    home = pathlib.Path(plan["scenario_file"]).parent
    inputs = {name: (home / name).read_bytes() for name in plan["inputs"]
              if not os.path.isabs(name)}
    task = remote(stress_task, retries)
    plan_ref, inputs_ref = ray.put(plan), ray.put(inputs)
    runs = batches(missing, batch)
    drive(lambda run: task.remote(binary, plan_ref, inputs_ref, run, notes), runs, out, retries, tell)
    return len(runs)


def hunt(shards, out, binary, options=(), batch=1, retries=5, notes=None,
         tell=lambda done, total: None):
    """Runs the shards of a hunt into `out`."""
    first, after = shards
    task = remote(hunt_task, retries)
    runs = batches(range(first, after), batch)
    drive(lambda run: task.remote(binary, list(options), run, notes), runs, pathlib.Path(out),
          retries, tell)
    return len(runs)


def shard_range(text):
    """Reads A..B."""
    try:
        first, after = (int(part) for part in text.split(".."))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no range A..B") from error
    if first >= after:
        raise argparse.ArgumentTypeError(f"{text} is empty")
    return first, after


def arguments():
    """The command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--out", required=True, help="where the shards and the result go")
    shared.add_argument("--binary", default="cofferdam", help="the same file on every machine")
    shared.add_argument("--batch", type=int, default=4, help="shards a task")
    shared.add_argument("--retries", type=int, default=5, help="tries again before giving up")
    shared.add_argument("--address", help="a running cluster (auto); else Ray starts here")
    shared.add_argument("--workers", type=int, help="workers of a Ray that starts here")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    paths = verbs.add_parser("stress", parents=[shared], help="price paths of a plan")
    paths.add_argument("plan")
    bugs = verbs.add_parser("hunt", parents=[shared], help="a hunt; what follows -- is handed on")
    bugs.add_argument("--shards", type=shard_range, required=True, metavar="A..B")
    bugs.add_argument("options", nargs="*", help="options of cofferdam hunt run, after --")
    return parser.parse_args()


def main():
    """Shards first, then the same binary puts them together."""
    args = arguments()
    ray.init(address=args.address, num_cpus=None if args.address else args.workers,
             log_to_driver=False, include_dashboard=False)
    tell = lambda done, total: print(f"{done} of {total} batches", file=sys.stderr, flush=True)
    common = {"batch": args.batch, "retries": args.retries, "tell": tell}
    try:
        if args.verb == "stress":
            stress(args.plan, args.out, args.binary, **common)
            close = [args.binary, "stress", "merge", args.plan, args.out, "--out", args.out]
        else:
            hunt(args.shards, args.out, args.binary, args.options, **common)
            first, after = args.shards
            close = [args.binary, "hunt", "run", "--shards", f"{first}..{after}",
                     "--out", args.out, *args.options]
    except ShardFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        ray.shutdown()
    return subprocess.run(close, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
