"""Runs a command in a pseudo-terminal: COLUMNS INTERRUPT-AFTER-SECONDS|- COMMAND...

Prints what the terminal got as JSON: {"status": N, "output": TEXT}.
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

columns, interrupt, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    time.sleep(0.05)  # until the size is set
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
at = time.monotonic() + float(interrupt) if interrupt != "-" else None
output = b""
while True:
    if at is not None and time.monotonic() > at:
        os.write(terminal, b"\x03")
        at = None
    ready, _, _ = select.select([terminal], [], [], 0.05)
    if not ready:
        continue
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    output += piece
_, status = os.waitpid(child, 0)
json.dump({"status": os.waitstatus_to_exitcode(status), "output": output.decode()}, sys.stdout)
