/**
 * A capture in which every packet carries a source route, as the anycast patch makes them: short
 * HTTP exchanges between many clients and a pinned service, whole packets with right checksums.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { fold, pseudoHeaderV4, sumBytes } from "../stack/wire/checksum.ts";
import * as ip4 from "../stack/wire/ipv4.ts";
import * as tcp from "../stack/wire/tcp.ts";
import { projectPath } from "../test/support/project.ts";
import { createPcapFile, type PcapWriter } from "../traces/pcap-writer.ts";

const LINKTYPE_RAW = 101;
const ANYCAST = 0xcb007109;
const UNICAST = 0xc6336407;
/** Header, NOP and a route of one hop. */
const IP_HEADER = 28;

/** One segment of the exchange: from the server?, flags, payload bytes. */
const EXCHANGE: readonly (readonly [boolean, number, number])[] = [
  [false, tcp.TH_SYN, 0],
  [true, tcp.TH_SYN | tcp.TH_ACK, 0],
  [false, tcp.TH_ACK, 0],
  [false, tcp.TH_ACK | tcp.TH_PUSH, 200],
  [true, tcp.TH_ACK, 0],
  [true, tcp.TH_ACK, 512],
  [true, tcp.TH_ACK | tcp.TH_PUSH, 512],
  [false, tcp.TH_ACK, 0],
  [true, tcp.TH_ACK | tcp.TH_FIN, 0],
  [false, tcp.TH_ACK | tcp.TH_FIN, 0],
];

const packet = new Uint8Array(2048).fill(0x61);
const view = new DataView(packet.buffer);

function writeSegment(
  out: PcapWriter,
  time: number,
  client: number,
  port: number,
  step: number,
  sent: [number, number],
): void {
  const [fromServer, flags, payload] = EXCHANGE[step];
  const me = fromServer ? 1 : 0;
  const length = IP_HEADER + tcp.TCP_HEADER_LENGTH + payload;
  packet.fill(0, 0, IP_HEADER + tcp.TCP_HEADER_LENGTH);
  ip4.setHeaderLength(view, 0, IP_HEADER);
  ip4.setTotalLength(view, 0, length);
  ip4.setIdentification(view, 0, (port + step) & 0xffff);
  ip4.setTtl(view, 0, 64);
  ip4.setProtocol(view, 0, ip4.IPPROTO_TCP);
  ip4.setSource(view, 0, fromServer ? ANYCAST : client);
  ip4.setDestination(view, 0, fromServer ? client : UNICAST);
  // The server's packets show a route they have travelled, the client's one still to travel.
  view.setUint32(20, 0x01830700 | (fromServer ? 8 : 4));
  view.setUint32(24, fromServer ? UNICAST : ANYCAST);
  ip4.setHeaderChecksum(view, 0, fold(sumBytes(view, 0, IP_HEADER)));
  const at = IP_HEADER;
  tcp.setSourcePort(view, at, fromServer ? 80 : port);
  tcp.setDestinationPort(view, at, fromServer ? port : 80);
  tcp.setSequence(view, at, sent[me]);
  tcp.setAcknowledgment(view, at, sent[1 - me]);
  tcp.setDataOffset(view, at, tcp.TCP_HEADER_LENGTH);
  tcp.setFlags(view, at, flags);
  tcp.setWindow(view, at, 0xffff);
  const segment = length - at;
  const pseudo = pseudoHeaderV4(client, ANYCAST, ip4.IPPROTO_TCP, segment);
  tcp.setTcpChecksum(view, at, fold(sumBytes(view, at, segment, pseudo)));
  sent[me] += payload + ((flags & (tcp.TH_SYN | tcp.TH_FIN)) !== 0 ? 1 : 0);
  out.write(time, packet, 0, length);
}

/** Makes, unless it is there, a capture of `packets` packets; returns its path in the project. */
export function routedCapture(packets: number): string {
  const path = `out/bench/routed-${packets}.pcap`;
  if (existsSync(projectPath(path))) return path;
  mkdirSync(dirname(projectPath(path)), { recursive: true });
  const unfinished = projectPath(`${path}.part`);
  const file = createPcapFile(unfinished, { linkType: LINKTYPE_RAW, microseconds: true });
  for (let n = 0, connection = 0; n < packets; connection++) {
    const client = (0xc0000000 + (connection % 20_000)) >>> 0;
    const port = 1024 + (Math.floor(connection / 20_000) % 60_000);
    const sent: [number, number] = [1000, 2000];
    for (let step = 0; step < EXCHANGE.length && n < packets; step++, n++) {
      writeSegment(file.writer, n * 10_000, client, port, step, sent);
    }
  }
  file.close();
  renameSync(unfinished, projectPath(path));
  return path;
}
