"""Linux's end of the connections: does what it is told in lines of JSON, and tells what came of it.

A job is {"id", "op", ...}. "connect" and "listen" make one connection each, "listen" answering
{"id", "port"} as soon as it listens. Both then send `send` bytes while they read to the end, and
answer {"id", "sent", "received", "sha256Sent", "sha256Received", "error"}; `error` is an errno's
name or null. Of a job's other fields, see `prepare` and `exchange`.
"""
import errno
import hashlib
import json
import random
import socket
import struct
import sys
import threading
import time

TCP_CONGESTION = 13
BLOCK = random.Random(4711).randbytes(1_000_003)
told = threading.Lock()


def tell(answer):
    with told:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def prepare(sock, job):
    """Options that have to be there before the handshake."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if "receiveBuffer" in job:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, job["receiveBuffer"])
    if "sendBuffer" in job:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, job["sendBuffer"])
    if "maxSegment" in job:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, job["maxSegment"])
    if "congestion" in job:
        sock.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, job["congestion"].encode())
    if "ipOptions" in job:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes.fromhex(job["ipOptions"]))
    if "synRetries" in job:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_SYNCNT, job["synRetries"])
    if "keepAlive" in job:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, job["keepAlive"])
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, job["keepAlive"])
    if job.get("noDelay"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Sender(threading.Thread):
    """Sends `count` bytes of the block, from `at` on and round it, in writes of `chunk`."""

    def __init__(self, sock, job):
        super().__init__()
        self.sock, self.count, self.at = sock, job.get("send", 0), job.get("at", 0) % len(BLOCK)
        self.chunk = job.get("chunk", 65536)
        self.pause = job.get("sendPause", 0)
        self.digest, self.sent, self.error = hashlib.sha256(), 0, None

    def run(self):
        try:
            while self.sent < self.count:
                piece = BLOCK[self.at: self.at + min(self.chunk, self.count - self.sent)]
                self.sock.sendall(piece)
                self.digest.update(piece)
                self.sent += len(piece)
                self.at = (self.at + len(piece)) % len(BLOCK)
                if self.pause:
                    time.sleep(self.pause)
        except OSError as error:
            self.error = error


def linger(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def exchange(sock, job, answer):
    """`last`: reads to the end before it sends the end. `readPause`: seconds before it reads.
    `abortAfter`: resets once that much has been read. `half`: sends only when all is read."""
    digest, received = hashlib.sha256(), 0
    sender = Sender(sock, job)
    if not job.get("half"):
        sender.start()
    if not job.get("half") and not job.get("last"):
        threading.Thread(target=shut_after, args=(sock, sender)).start()
    try:
        time.sleep(job.get("readPause", 0))
        while True:
            if "abortAfter" in job and received >= job["abortAfter"]:
                linger(sock)
                break
            data = sock.recv(65536)
            if not data:
                break
            digest.update(data)
            received += len(data)
        if job.get("half"):
            sender.start()
    finally:
        if sender.ident is not None:
            sender.join()
        answer.update(sent=sender.sent, received=received, sha256Sent=sender.digest.hexdigest(),
                      sha256Received=digest.hexdigest())
    if sender.error and "abortAfter" not in job:
        raise sender.error
    sock.close()


def shut_after(sock, sender):
    sender.join()
    try:
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def run(job):
    family = socket.AF_INET6 if job.get("family") == 6 else socket.AF_INET
    answer = {"id": job["id"], "error": None}
    began = time.monotonic()
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            prepare(sock, job)
            if job["op"] == "listen":
                sock.bind((job["address"], job.get("port", 0)))
                sock.listen(1)
                tell({"id": job["id"], "port": sock.getsockname()[1]})
                sock.settimeout(60)
                accepted, _ = sock.accept()
                accepted.settimeout(None)
                exchange(accepted, job, answer)
            else:
                if "port" in job:
                    sock.bind((job["local"], job["port"]))
                sock.connect((job["address"], job["remotePort"]))
                exchange(sock, job, answer)
    except OSError as error:
        answer["error"] = errno.errorcode.get(error.errno or 0, type(error).__name__)
    answer["seconds"] = round(time.monotonic() - began, 3)
    tell(answer)


def main():
    tell({"id": 0, "ready": True})
    for line in sys.stdin:
        threading.Thread(target=run, args=(json.loads(line),), daemon=True).start()


main()
