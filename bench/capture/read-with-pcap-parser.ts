/**
 * The pcap-parser package over a file: counts its packets and, in a Map, their 4-tuples. What a
 * JavaScript program that takes the packaged reader spends.
 *
 *     node dist/bench/capture/read-with-pcap-parser.js FILE.pcap
 */
import pcapParser, { type Packet } from "pcap-parser";

const ETHERNET = 14;
let packets = 0;
const connections = new Map<string, number>();

pcapParser
  .parse(process.argv[2])
  .on("packet", ({ data }: Packet) => {
    packets++;
    const ip = ETHERNET;
    const tcp = ip + 4 * (data[ip] & 15);
    const source = `${data.readUInt32BE(ip + 12)}:${data.readUInt16BE(tcp)}`;
    const destination = `${data.readUInt32BE(ip + 16)}:${data.readUInt16BE(tcp + 2)}`;
    const key = source < destination ? `${source} ${destination}` : `${destination} ${source}`;
    connections.set(key, (connections.get(key) ?? 0) + 1);
  })
  .on("end", () => {
    process.stdout.write(`${JSON.stringify({ packets, tuples: connections.size })}\n`);
  });
