/**
 * Connections of a web server from arrivals: clients, ports, sizes, packets and holding times. Every
 * profile is one of these with arrivals of its own.
 */
import { CLOSE_FIN, type ConnectionColumns } from "../connection.ts";
import { RandomStream } from "../random.ts";
import { type Arrivals, microseconds } from "./arrivals.ts";
import { Clients, clientAddress } from "./clients.ts";
import { REQUEST_BYTES, RESPONSE_BYTES } from "./olympic96-facts.ts";
import type { SyntheticTrace } from "./profile.ts";
import { Distribution } from "./quantiles.ts";
import { repeatedSegment, SYN_OPTIONS, segmentBytes, segmentsOf } from "./segments.ts";
import { type TransferTime, transferTime } from "./transfer-time.ts";

/** 203.0.113.9, port 80: the service every profile speaks of. */
const SERVER = 0xcb007109;
const HTTP = 80;
/** Ethernet, IPv4 and TCP headers without options. */
const HEADERS = 54;

const requestBytes = new Distribution(REQUEST_BYTES);
const responseBytes = new Distribution(RESPONSE_BYTES);

export interface WebTraceOptions {
  origin: bigint;
  connections: number;
  arrivals: Arrivals;
  seed: number;
  /** Label for a flow trace's header. */
  durations: string;
  /** How long a connection lasts, by the bytes of its response and its client. */
  holding?: typeof transferTime;
}

export function webTrace(options: WebTraceOptions): SyntheticTrace {
  const { origin, connections, arrivals, seed, durations, holding = transferTime } = options;
  const clients = new Clients(connections, new RandomStream(seed, "clients"));
  const sizes = new RandomStream(seed, "sizes");
  const delays = new RandomStream(seed, "delays");
  const time: TransferTime = { seconds: 0, retransmitted: 0 };
  let made = 0;
  return {
    origin,
    connections,
    durations,
    fill(rows, transfers) {
      rows.count = Math.min(rows.capacity, connections - made);
      for (let i = 0; i < rows.count; i++) {
        const client = clients.next();
        const received = Math.round(responseBytes.at(sizes.unit()));
        rows.id[i] = made++;
        rows.start[i] = arrivals.next();
        holding(received, client, delays, time);
        rows.duration[i] = microseconds(time.seconds);
        setV4(rows.client, i, clientAddress(client));
        setV4(rows.server, i, SERVER);
        rows.clientPort[i] = clients.port(client);
        setTraffic(
          rows,
          i,
          Math.round(requestBytes.at(sizes.unit())),
          received,
          time.retransmitted,
        );
        if (transfers) {
          transfers.response[i] = received;
          transfers.retransmitted[i] = time.retransmitted;
        }
      }
    },
  };
}

/** A whole conversation's bytes and packets, as segments.ts lays it out. */
function setTraffic(
  rows: ConnectionColumns,
  i: number,
  sent: number,
  received: number,
  retransmitted: number,
): void {
  const segments = segmentsOf(received);
  let repeated = 0;
  for (let n = 0; n < retransmitted; n++) {
    repeated += segmentBytes(received, repeatedSegment(n, segments));
  }
  rows.serverPort[i] = HTTP;
  rows.protocol[i] = 6;
  rows.close[i] = CLOSE_FIN;
  rows.flags[i] = 0;
  rows.clientBytes[i] = sent;
  rows.serverBytes[i] = received + repeated;
  rows.clientPackets[i] = 3 + Math.ceil(segments / 2);
  rows.serverPackets[i] = 3 + segments + retransmitted;
  rows.clientWireBytes[i] = sent + HEADERS * rows.clientPackets[i] + SYN_OPTIONS;
  rows.serverWireBytes[i] = rows.serverBytes[i] + HEADERS * rows.serverPackets[i] + SYN_OPTIONS;
}

function setV4(words: Uint32Array, row: number, address: number): void {
  words[4 * row] = 0;
  words[4 * row + 1] = 0;
  words[4 * row + 2] = 0xffff;
  words[4 * row + 3] = address;
}
