/** World W with TCP on it, and a peer that speaks in single segments. */
import type { Socket } from "../../stack/socket.ts";
import type { StackOptions } from "../../stack/stack.ts";
import { Tcp, type TcpOptionsForStack } from "../../stack/tcp/tcp.ts";
import { ip } from "./ip-packet.ts";
import { accepted, ok } from "./tcp-pair.ts";
import { readSegment, type SegmentFields, type SentSegment, segmentPacket } from "./tcp-segment.ts";
import { A, C, type WorldW, worldW } from "./world-w.ts";

/** Only the MSS option, as in the worked packets. */
export const MSS_ONLY: TcpOptionsForStack = {
  windowScale: false,
  timestamps: false,
  sack: false,
  ecn: "off",
};

export const MSS_1460 = "020405b4";

export interface TcpWorld extends WorldW {
  host: Tcp;
  /** A listening socket on A:80. */
  listener: Socket;
  /** Gives the host a segment from C:40000 to A:80 unless told otherwise. */
  send(fields: Partial<SegmentFields> & { flags: string }): void;
  /** Segments that left by both interfaces since the last call. */
  sent(): SentSegment[];
  /** Handshake from the peer: its SYN at 0x1000, `routes` for SYN and ACK. */
  open(synRoute?: string, ackRoute?: string): Socket;
  /** Runs the clock. */
  run(nanoseconds: number): void;
}

export function tcpWorld(
  options: Partial<StackOptions> = {},
  tcp: TcpOptionsForStack = {},
): TcpWorld {
  const world = worldW(options);
  const host = new Tcp(world.stack, { ...MSS_ONLY, iss: () => 0x2000, ...tcp });
  const listener = host.socket(4);
  ok(listener.bind(ip(A), 80));
  ok(listener.listen(5));
  const send: TcpWorld["send"] = (fields) =>
    world.receive(
      segmentPacket({
        from: C,
        to: A,
        sport: 40000,
        dport: 80,
        seq: 0x1001,
        ack: 0x2001,
        ...fields,
      }),
    );
  return {
    ...world,
    host,
    listener,
    send,
    sent: () => [...world.out0.take(), ...world.out1.take()].map(readSegment),
    open(synRoute, ackRoute) {
      const route = (r: string | undefined) => (r === undefined ? {} : { route: r });
      send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460, ...route(synRoute) });
      send({ flags: ".", ...route(ackRoute) });
      return accepted(listener.accept());
    },
    run: (nanoseconds) => world.clock.advance(world.clock.now() + nanoseconds),
  };
}
