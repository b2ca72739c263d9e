"""Carries frames between a network device and two pipes: the wire of a stack in another process.

usage: wire.py DEVICE

Frames on stdin are sent, frames that arrive are written to stdout, each behind its length in 16
bits, big-endian. Only IPv4 and IPv6 are asked for, by their own types: the kernel gives such a
socket what the device's netdev ingress chain has let through, not what the device itself sends.
Ends when stdin does; then the packets that found the socket's buffer full are told on stderr.
"""
import os
import select
import struct
import sys

from taps import ETH_P_IP, ETH_P_IPV6, tap

SOL_PACKET, PACKET_STATISTICS = 263, 6
BURST = 128


def arrivals(tapped):
    parts = []
    try:
        for _ in range(BURST):
            frame = tapped.recv(65535)
            parts.append(struct.pack("!H", len(frame)))
            parts.append(frame)
    except BlockingIOError:
        pass
    return b"".join(parts)


def write_all(data):
    view = memoryview(data)
    while view:
        view = view[os.write(1, view):]


def send_whole(tapped, pending):
    """Sends the whole frames of `pending`; what is left of it."""
    at = 0
    while len(pending) - at >= 2:
        length = (pending[at] << 8) | pending[at + 1]
        if len(pending) - at - 2 < length:
            break
        try:
            tapped.send(pending[at + 2: at + 2 + length])
        except BlockingIOError:
            select.select([], [tapped], [])
            tapped.send(pending[at + 2: at + 2 + length])
        at += 2 + length
    return pending[at:]


def main():
    taps = [tap(sys.argv[1], protocol) for protocol in (ETH_P_IP, ETH_P_IPV6)]
    write_all(b"\0\0")
    pending = b""
    while True:
        ready, _, _ = select.select([0] + taps, [], [])
        for tapped in taps:
            if tapped in ready:
                write_all(arrivals(tapped))
        if 0 in ready:
            data = os.read(0, 1 << 18)
            if not data:
                break
            pending = send_whole(taps[0], pending + data)
    lost = 0
    for tapped in taps:
        lost += struct.unpack("II", tapped.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
    if lost:
        sys.exit(f"wire.py: {lost} packets found the buffer of {sys.argv[1]} full")


main()
