/** One Ethernet segment: our stacks on it, and behind `wire.py` a device of a network namespace. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Device, Interface } from "../../../stack/interface.ts";
import type { Mbuf, MbufPool } from "../../../stack/mbuf.ts";
import type { Stack } from "../../../stack/stack.ts";
import {
  ETHERNET_HEADER_LENGTH,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  etherType,
  setEtherType,
} from "../../../stack/wire/ethernet.ts";

/** Bytes of frames gathered before they are written though the stacks are not done. */
const FLUSH_AT = 1 << 16;

interface Port {
  stack: Stack;
  interface: Interface;
}

export class Wire implements Device {
  /** While true, arriving packets wait. */
  held = false;
  sent = 0;
  received = 0;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly pool: MbufPool;
  private readonly header = new Uint8Array(ETHERNET_HEADER_LENGTH);
  /** Who has an address, by its last 32 bits. */
  private readonly ports = new Map<number, Port>();
  private out = Buffer.alloc(2 * FLUSH_AT);
  private outLength = 0;
  private flushing = false;
  private rest: Buffer = Buffer.alloc(0);
  private readonly waiting: Buffer[] = [];
  private readonly started: Promise<void>;

  /** `to` and `from`: the hardware addresses of the neighbour and of all our stacks. */
  constructor(
    child: ChildProcessWithoutNullStreams,
    pool: MbufPool,
    to: Uint8Array,
    from: Uint8Array,
  ) {
    this.child = child;
    this.pool = pool;
    this.header.set(to, 0);
    this.header.set(from, 6);
    this.started = new Promise((resolve, reject) => {
      child.stdout.once("data", (first: Buffer) => {
        child.stdout.on("data", (chunk: Buffer) => this.arrive(chunk));
        this.arrive(first.subarray(2));
        resolve();
      });
      child.once("exit", () => reject(new Error("wire.py did not start")));
    });
    child.stdin.on("error", () => {});
  }

  /** Resolves once packets are taken from the device. */
  ready(): Promise<void> {
    return this.started;
  }

  /** Hands packets for the address that ends in the 32 bits `key` to `stack`. */
  attach(key: number, stack: Stack, to: Interface): void {
    this.ports.set(key >>> 0, { stack, interface: to });
  }

  transmit(m: Mbuf): void {
    const length = ETHERNET_HEADER_LENGTH + m.len;
    if (this.outLength + 2 + length > this.out.length) this.flush();
    const { out, outLength: at } = this;
    out.writeUInt16BE(length, at);
    out.set(this.header, at + 2);
    const family = m.bytes[m.off] >> 4;
    const view = new DataView(out.buffer, out.byteOffset);
    setEtherType(view, at + 2, family === 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
    out.set(m.bytes.subarray(m.off, m.off + m.len), at + 2 + ETHERNET_HEADER_LENGTH);
    this.outLength = at + 2 + length;
    this.sent++;
    m.free();
    if (this.outLength >= FLUSH_AT) this.flush();
    else if (!this.flushing) {
      this.flushing = true;
      process.nextTick(() => this.flush());
    }
  }

  /** Lets go what was held back. */
  release(): void {
    this.held = false;
    for (const frame of this.waiting.splice(0)) this.input(frame);
  }

  /** Packets held back. */
  get heldBack(): number {
    return this.waiting.length;
  }

  private flush(): void {
    this.flushing = false;
    if (this.outLength === 0) return;
    this.child.stdin.write(this.out.subarray(0, this.outLength));
    this.out = Buffer.alloc(2 * FLUSH_AT);
    this.outLength = 0;
  }

  private arrive(chunk: Buffer): void {
    const data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = 0;
    while (data.length - at >= 2) {
      const length = data.readUInt16BE(at);
      if (data.length - at - 2 < length) break;
      const frame = data.subarray(at + 2, at + 2 + length);
      if (this.held) this.waiting.push(Buffer.from(frame));
      else this.input(frame);
      at += 2 + length;
    }
    this.rest = data.subarray(at);
  }

  private input(frame: Buffer): void {
    if (frame.length < ETHERNET_HEADER_LENGTH + 20) return;
    const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
    const type = etherType(view, 0);
    const destinationEnd = ETHERNET_HEADER_LENGTH + (type === ETHERTYPE_IPV6 ? 40 : 20);
    if ((type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6) || frame.length < destinationEnd) {
      return;
    }
    const port = this.ports.get(view.getUint32(destinationEnd - 4));
    if (!port) return;
    const m = this.pool.from(frame.subarray(ETHERNET_HEADER_LENGTH));
    if (!m) return;
    this.received++;
    port.stack.input(m, port.interface);
  }
}
