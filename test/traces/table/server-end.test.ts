/** Which end of a connection is the server, where no SYN tells: by ports of every class, either way. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { conversation, follow } from "../../support/conversation.ts";
import { ipv4, udp } from "../../support/segment.ts";

/** Both ends of the well-known ports, of those below Linux's ephemeral ones, of those, of IANA's dynamic ones. */
const PORTS = [1, 1023, 1024, 32767, 32768, 49151, 49152, 65535];

/** For each port of a first packet's sender, the ports of `PORTS` whose owner is a server to it. */
type Servers = Record<number, readonly number[]>;

const OF_TCP: Servers = {
  1: [1],
  1023: [1, 1023],
  1024: [1, 1023, 1024],
  32767: [1, 1023, 1024, 32767],
  32768: [1, 1023, 1024, 32767, 32768],
  49151: [1, 1023, 1024, 32767, 32768, 49151],
  49152: [1, 1023, 1024, 32767, 32768, 49151, 49152],
  65535: PORTS,
};

const OF_UDP: Servers = {
  1: [1, 1023],
  1023: [1, 1023],
  1024: PORTS,
  32767: PORTS,
  32768: PORTS,
  49151: PORTS,
  49152: PORTS,
  65535: PORTS,
};

const SENDER = "10.0.0.1";

/** Those ports to which `serverOf` finds a packet from port `from` to be a client's. */
const facing = (from: number, serverOf: (from: number, to: number) => string): number[] =>
  PORTS.filter((to) => !serverOf(from, to).startsWith(`${SENDER} `));

test("TCP midstream: the lower port is the server's, of equal ones the receiver's", () => {
  const serverOf = (from: number, to: number) =>
    follow(conversation("0 c A 1 1", { ports: [from, to] }))[0].server;
  for (const from of PORTS) assert.equal(facing(from, serverOf), OF_TCP[from], `from ${from}`);
});

test("UDP: who speaks first is the client, unless his port alone is well-known", () => {
  const serverOf = (from: number, to: number) =>
    follow([{ data: ipv4(udp(from, to, 10), { protocol: 17 }), linkType: 101, time: 0 }])[0].server;
  for (const from of PORTS) assert.equal(facing(from, serverOf), OF_UDP[from], `from ${from}`);
});

test.run();
