"""The driver on a Ray of two local workers. Needs `pip install ray pytest` and a binary:

    COFFERDAM=target/release/cofferdam pytest stress/ray
"""

import os
import pathlib
import signal
import subprocess

import pytest
import ray

import driver

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("COFFERDAM", str(ROOT / "target/release/cofferdam"))
SHARDS = 24
PATHS = 96


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init(num_cpus=2, log_to_driver=False, include_dashboard=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    text = (ROOT / "scenarios/black-thursday.toml").read_text()
    for before, after in [("count = 280", "count = 14"), ("count = 160", "count = 8"),
                          ("capacity_share = \"0.1\"", "capacity_share = \"0.002\""),
                          ("step_s = 60", "step_s = 600")]:
        text = text.replace(before, after)
    (folder / "small.toml").write_text(text)
    command(["stress", "plan", str(folder / "small.toml"), "--paths", str(PATHS),
             "--shards", str(SHARDS), "-o", str(folder / "plan.json")])
    return folder / "plan.json"


def command(arguments):
    return subprocess.run([BINARY, *arguments], check=True, capture_output=True, text=True).stdout


def merged(plan, folder):
    command(["stress", "merge", str(plan), str(folder), "--out", str(folder)])
    return [(folder / name).read_bytes() for name in ("summary.json", "paths.csv")]


def single(plan, folder):
    command(["stress", "shard", str(plan), f"0..{SHARDS}", "--out", str(folder)])
    return merged(plan, folder)


class Killer:
    """Kills a worker in the middle of a shard, once half of the batches are done."""

    def __init__(self, notes):
        self.notes, self.killed, self.own = notes, [], os.getpid()
        self.before = set()

    def __call__(self, done, total):
        if self.killed or done < total // 2:
            return
        for note in sorted(self.notes.iterdir(), key=lambda note: -note.stat().st_mtime):
            pid = int(note.name)
            # Only workers that this test's own tasks wrote down.
            if pid != self.own and busy(pid):
                self.before = {note.name for note in self.notes.iterdir()}
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)
                return


def busy(pid):
    """Whether a worker is waiting for a `cofferdam` of its own, so that killing it loses a shard."""
    children = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    try:
        return any(file.read_text().split() for file in children)
    except FileNotFoundError:
        return False


def test_a_killed_worker_changes_no_bit(plan, tmp_path):
    notes, out = tmp_path / "notes", tmp_path / "ray"
    notes.mkdir()
    killer = Killer(notes)
    count = driver.stress(plan, out, BINARY, batch=2, notes=str(notes), tell=killer)
    assert count == SHARDS // 2
    assert len(killer.killed) == 1, "no worker was killed while it played"
    after = {note.name for note in notes.iterdir()}
    assert after - killer.before, "nobody took the dead worker's place"
    assert merged(plan, out) == single(plan, tmp_path / "single")


def test_what_is_valid_is_not_played_again(plan, tmp_path):
    out = tmp_path / "ray"
    command(["stress", "shard", str(plan), f"0..{SHARDS}", "--out", str(out)])
    assert driver.stress(plan, out, BINARY) == 0
    files = sorted(out.glob("shards/*/*.shard"))
    whole = files[3].read_bytes()
    files[3].write_bytes(whole[:-1])
    files[9].unlink()
    assert driver.stress(plan, out, BINARY, batch=8) == 2
    assert files[3].read_bytes() == whole


def test_a_shard_that_always_fails_is_an_error(plan, tmp_path):
    with pytest.raises(driver.ShardFailed, match="failed 2 times"):
        driver.stress(plan, tmp_path / "out", "/bin/false", batch=SHARDS, retries=1)


def test_a_hunt_on_two_workers_is_the_hunt_of_one(tmp_path):
    options = ["--rounds", "20", "--seed", "7"]
    driver.hunt((0, 4), tmp_path / "ray", BINARY, options)
    subprocess.run([BINARY, "hunt", "run", "--shards", "0..4", "--quiet", "--ungated", *options,
                    "--out", str(tmp_path / "single")], check=False, capture_output=True)
    files = [{file.name: file.read_bytes() for file in (tmp_path / name / "shards").glob("*.bin")}
             for name in ("ray", "single")]
    assert len(files[0]) == 4 and files[0] == files[1]


def test_batches_are_neighbours():
    assert driver.batches([0, 1, 2, 4, 5, 6, 7], 3) == [(0, 3), (4, 7), (7, 8)]
