"""Puts packets on the wire of a network namespace and reports what came of each.

usage: wire.py SETUP < batches > outcomes

SETUP is JSON: namespaces "wire" and "host", "mac" of the host, its "own" addresses, "forwarding".

A batch is a 32-bit count, then per packet a 16-bit length and its bytes, big-endian. The IP
identification of a packet is its number in the batch, from 1. One line of JSON per batch: an
object from that number to a list of outcomes, those numbers missing for which nothing was seen.
The batch is over when the packets sent behind it have come through: one delivered, one refused,
and where the host forwards one forwarded.
"""
import ctypes
import json
import os
import select
import socket
import struct
import sys
import time

IP_RECVOPTS, IP_RETOPTS, IP_PKTINFO = 6, 7, 8
ETH_P_IP = 0x0800
SO_RCVBUFFORCE = 33
DELIVERED, REFUSED, FORWARDED = 0xFFFD, 0xFFFE, 0xFFFF

libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    with open(f"/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


def tap(device):
    tapped = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
    tapped.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    tapped.bind((device, ETH_P_IP))
    tapped.setblocking(False)
    return tapped


def listener():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    for option in (IP_RECVOPTS, IP_RETOPTS, IP_PKTINFO):
        udp.setsockopt(socket.IPPROTO_IP, option, 1)
    udp.bind(("0.0.0.0", 9))
    udp.setblocking(False)
    return udp


def checksum(header):
    total = sum(struct.unpack(f"!{len(header) // 2}H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def mark(number, destination, options=b""):
    payload = struct.pack("!HHHHH", 1111, 9, 10, 0, number)
    length = 20 + len(options)
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x40 | length // 4, 0, length + len(payload), number, 0, 64, 17, 0,
        socket.inet_aton("10.9.0.1"), socket.inet_aton(destination)) + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def read_exactly(count):
    data = sys.stdin.buffer.read(count)
    if len(data) < count:
        sys.exit(0)
    return data


def from_wire(port, frame, own, seen):
    packet = frame[14:]
    if len(packet) < 20:
        return
    packet = packet[: struct.unpack("!H", packet[2:4])[0]]
    header = (packet[0] & 15) * 4
    if packet[12:16] in own and packet[9] == 1 and len(packet) >= header + 28:
        quoted = packet[header + 8:]
        outcome = {"kind": "icmp", "type": packet[header], "code": packet[header + 1], "port": port}
        if packet[header] == 12:
            outcome["pointer"] = packet[header + 4]
        number = struct.unpack("!H", quoted[4:6])[0]
    else:
        outcome = {"kind": "sent", "port": port, "packet": packet.hex()}
        number = struct.unpack("!H", packet[4:6])[0]
    seen.setdefault(number, []).append(outcome)


def from_socket(payload, ancillary, seen):
    outcome = {"kind": "delivered", "recvopts": "", "retopts": ""}
    for _, kind, data in ancillary:
        if kind == IP_PKTINFO:
            outcome["dst"] = socket.inet_ntoa(data[8:12])
        elif kind == IP_RECVOPTS:
            outcome["recvopts"] = data.hex()
        elif kind == IP_RETOPTS:
            outcome["retopts"] = data.hex()
    number = struct.unpack("!H", payload[:2])[0]
    seen.setdefault(number, []).append(outcome)


def drain(taps, udp, own, seen):
    for port, tapped in taps:
        try:
            while True:
                from_wire(port, tapped.recv(2048), own, seen)
        except BlockingIOError:
            pass
    try:
        while True:
            payload, ancillary, _, _ = udp.recvmsg(2048, 512)
            from_socket(payload, ancillary, seen)
    except BlockingIOError:
        pass


def main():
    setup = json.loads(sys.argv[1])
    own = {socket.inet_aton(address) for address in setup["own"]}
    # One processor: packets go through the kernel in the order they are sent.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    enter(setup["host"])
    udp = listener()
    enter(setup["wire"])
    out = tap("vA")
    taps = [("vB", out), ("vD", tap("vC"))]
    address = bytes.fromhex(setup["mac"].replace(":", ""))
    frame_header = address + b"\x02\x00\x00\x00\x00\x0a" + struct.pack("!H", ETH_P_IP)
    marks = {DELIVERED: mark(DELIVERED, "10.9.0.2"),
             REFUSED: mark(REFUSED, "10.9.0.2", b"\x83\x00\x00\x00")}
    if setup["forwarding"]:
        marks[FORWARDED] = mark(FORWARDED, "10.10.0.9")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        count = struct.unpack("!I", read_exactly(4))[0]
        batch = [read_exactly(struct.unpack("!H", read_exactly(2))[0]) for _ in range(count)]
        seen = {}
        for number, packet in enumerate(batch):
            out.send(frame_header + packet)
            if number % 64 == 63:
                drain(taps, udp, own, seen)
        for packet in marks.values():
            out.send(frame_header + packet)
        deadline = time.monotonic() + 10
        while not all(number in seen for number in marks):
            if time.monotonic() > deadline:
                sys.exit("the packets behind a batch did not come through")
            select.select([udp] + [tapped for _, tapped in taps], [], [], 1)
            drain(taps, udp, own, seen)
        drain(taps, udp, own, seen)
        for number in marks:
            del seen[number]
        sys.stdout.write(json.dumps(seen) + "\n")
        sys.stdout.flush()


main()
