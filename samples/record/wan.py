"""A wide-area link between two tun devices: every client address has a delay of its own.

The kernel's own delay queue (netem) is not everywhere; this needs /dev/net/tun alone. Packets of
one address keep their order, because its delay never changes.
"""
import fcntl, heapq, os, random, select, struct, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
SOURCE, DESTINATION = slice(12, 16), slice(16, 20)


def tun(name):
    """Opens a tun device without offload: what is read are whole IP packets."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def delay(address, seed, known={}):
    """One way, in seconds: most clients within 10 to 40 ms, some across an ocean."""
    if address not in known:
        known[address] = min(0.15, random.Random(f"{seed} {address.hex()}").lognormvariate(-3.9, 0.7))
    return known[address]


def main():
    seed = sys.argv[1]
    clients, router = tun("anypin-wan0"), tun("anypin-wan1")
    waiting, number = [], 0
    while True:
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([clients, router], [], [], timeout)
        now = time.monotonic()
        for device in readable:
            try:
                packet = os.read(device, 65536)
            except (BlockingIOError, OSError):
                continue
            if packet[0] >> 4 != 4:
                continue
            other, client = (router, SOURCE) if device == clients else (clients, DESTINATION)
            number += 1
            heapq.heappush(waiting, (now + delay(packet[client], seed), number, other, packet))
        while waiting and waiting[0][0] <= now:
            _, _, device, packet = heapq.heappop(waiting)
            try:
                os.write(device, packet)
            except OSError:
                pass  # the far end is not up yet, or its queue is full: the packet is lost


main()
