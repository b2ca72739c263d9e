"""Raw sockets on a device: what wire.py and forward.py both listen with."""

import socket

ETH_P_IP, ETH_P_IPV6 = 0x0800, 0x86DD
SO_RCVBUFFORCE = 33


def tap(device, protocol):
    tapped = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    tapped.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    tapped.bind((device, protocol))
    tapped.setblocking(False)
    return tapped
