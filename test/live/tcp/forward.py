"""Carries frames between two devices, some of them twice and some of them late.

usage: forward.py SEED REORDER DUPLICATE DEVICE DEVICE

REORDER and DUPLICATE are per cent of the packets. A late packet goes out behind one to five later
ones of its direction, or after 10 ms when none follow. Ends when stdin does, with one line of JSON:
how many packets were forwarded, delayed past others and doubled.
"""
import json
import random
import select
import sys
import time

from taps import ETH_P_IP, ETH_P_IPV6, tap

LATE = 0.01


class Direction:
    """Frames from the taps of one device to another; `held` are (passes left, deadline, frame)."""

    def __init__(self, taps, out, chance, reorder, duplicate):
        self.taps, self.out, self.chance = taps, out, chance
        self.reorder, self.duplicate = reorder / 100, duplicate / 100
        self.held = []
        self.forwarded = self.delayed = self.doubled = 0

    def send(self, frame):
        try:
            self.out.send(frame)
        except BlockingIOError:
            select.select([], [self.out], [])
            self.out.send(frame)

    def take(self, frame):
        self.forwarded += 1
        drawn = self.chance.random()
        if drawn < self.reorder:
            self.delayed += 1
            passes = self.chance.randint(1, 5)
            self.held.append([passes, time.monotonic() + LATE, frame])
            return
        self.send(frame)
        if drawn < self.reorder + self.duplicate:
            self.doubled += 1
            self.send(frame)
        for each in self.held:
            each[0] -= 1

    def release(self, now):
        if not self.held:
            return
        due = [each for each in self.held if each[0] <= 0 or each[1] <= now]
        self.held = [each for each in self.held if each[0] > 0 and each[1] > now]
        for _, _, frame in due:
            self.send(frame)

    def drain(self):
        for tapped in self.taps:
            try:
                for _ in range(64):
                    self.take(tapped.recv(65535))
                    self.release(time.monotonic())
            except BlockingIOError:
                pass


def main():
    seed, reorder, duplicate = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    sides = [[tap(device, p) for p in (ETH_P_IP, ETH_P_IPV6)] for device in sys.argv[4:6]]
    ways = [
        Direction(sides[0], sides[1][0], random.Random(seed), reorder, duplicate),
        Direction(sides[1], sides[0][0], random.Random(seed + 1), reorder, duplicate),
    ]
    print("ready", flush=True)
    everything = sides[0] + sides[1] + [sys.stdin]
    while True:
        waiting = any(way.held for way in ways)
        ready, _, _ = select.select(everything, [], [], LATE if waiting else None)
        if sys.stdin in ready:
            break
        for way in ways:
            way.drain()
            way.release(time.monotonic())
    total = {name: sum(getattr(way, name) for way in ways)
             for name in ("forwarded", "delayed", "doubled")}
    print(json.dumps(total), flush=True)


main()
