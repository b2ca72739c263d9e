/** Frames of synthetic conversations: Ethernet, IPv4, TCP, checksums right. */
import { checksum, fold, pseudoHeaderV4, sumBytes } from "../../stack/wire/checksum.ts";
import * as ethernet from "../../stack/wire/ethernet.ts";
import * as ip from "../../stack/wire/ipv4.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import type { ConnectionColumns } from "../connection.ts";
import {
  ACK_STEP,
  CLIENT_FIN_STEP,
  LAST_ACK_STEP,
  REPEAT_STEP,
  REQUEST_STEP,
  SEGMENT,
  SEGMENT_STEP,
  SERVER_FIN_STEP,
  SYN_ACK_STEP,
  SYN_OPTIONS,
  SYN_STEP,
  segmentBytes,
  segmentsOf,
} from "./segments.ts";

const IP_AT = ethernet.ETHERNET_HEADER_LENGTH;
const TCP_AT = IP_AT + ip.IPV4_HEADER_LENGTH;
/** The longest frame: a full segment. */
const FRAME_BYTES = TCP_AT + tcp.TCP_HEADER_LENGTH + SEGMENT;
const MSS_OPTION = 0x02040000 | SEGMENT;
const WINDOW = 31_744;
const CLIENT_MAC = [2, 0, 0, 0, 0, 1];
const SERVER_MAC = [2, 0, 0, 0, 0, 2];

/** Builds one frame at a time in a buffer of its own. */
export class FrameBuilder {
  readonly bytes = new Uint8Array(FRAME_BYTES);
  private readonly view = new DataView(this.bytes.buffer);
  private identification = 0;

  constructor() {
    ethernet.setEtherType(this.view, 0, ethernet.ETHERTYPE_IPV4);
    ip.setHeaderLength(this.view, IP_AT, ip.IPV4_HEADER_LENGTH);
    ip.setFragmentWord(this.view, IP_AT, ip.IP_DF);
    ip.setProtocol(this.view, IP_AT, ip.IPPROTO_TCP);
  }

  /**
   * Builds the frame of one step (segments.ts) of the connection in `row`, whose response is
   * `response` bytes; returns its length.
   */
  build(rows: ConnectionColumns, row: number, response: number, step: number): number {
    const fromServer = isFromServer(step);
    const request = rows.clientBytes[row];
    const clientStart = initialSequence(rows.id[row], 1);
    const serverStart = initialSequence(rows.id[row], 2);
    const segments = segmentsOf(response);
    let flags = tcp.TH_ACK;
    let payload = 0;
    let from = 0;
    // Positions in each stream, SYN and FIN counted.
    let client = 1 + request;
    let server = 1 + response;
    if (step === SYN_STEP || step === SYN_ACK_STEP) {
      flags = step === SYN_STEP ? tcp.TH_SYN : tcp.TH_SYN | tcp.TH_ACK;
      client = step === SYN_STEP ? 0 : 1;
      server = 0;
    } else if (step === REQUEST_STEP) {
      flags |= tcp.TH_PUSH;
      payload = request;
      client = 1;
      server = 1;
    } else if (step >= ACK_STEP) {
      server = 1 + Math.min((step - ACK_STEP) * SEGMENT, response);
    } else if (step >= SEGMENT_STEP) {
      const n = step - (step >= REPEAT_STEP ? REPEAT_STEP : SEGMENT_STEP);
      from = n * SEGMENT;
      payload = segmentBytes(response, n);
      server = 1 + from;
      if (n === segments - 1) flags |= tcp.TH_PUSH;
    } else if (step === SERVER_FIN_STEP) {
      flags |= tcp.TH_FIN;
    } else if (step === CLIENT_FIN_STEP) {
      flags |= tcp.TH_FIN;
      server += 1;
    } else if (step === LAST_ACK_STEP) {
      client += 1;
      server += 1;
    }
    const sequence = fromServer ? serverStart + server : clientStart + client;
    const acknowledged = fromServer ? clientStart + client : serverStart + server;
    const { view } = this;
    tcp.setSequence(view, TCP_AT, sequence);
    tcp.setAcknowledgment(view, TCP_AT, flags & tcp.TH_ACK ? acknowledged : 0);
    tcp.setFlags(view, TCP_AT, flags);
    this.fillPayload(fromServer, from, payload, rows.id[row]);
    return this.finish(rows, row, fromServer, (flags & tcp.TH_SYN) !== 0, payload);
  }

  private fillPayload(fromServer: boolean, from: number, length: number, id: number): void {
    const at = TCP_AT + tcp.TCP_HEADER_LENGTH;
    const head = fromServer ? RESPONSE_HEAD : `GET /${id} HTTP/1.0\r\nAccept: */*\r\nPragma: `;
    for (let i = 0; i < length; i++) {
      const place = from + i;
      this.bytes[at + i] = place < head.length ? head.charCodeAt(place) : 0x61 + (place % 26);
    }
    // The request's last four bytes end its header.
    if (!fromServer && length > head.length + 4)
      END.forEach((b, i) => {
        this.bytes[at + length - 4 + i] = b;
      });
  }

  private finish(
    rows: ConnectionColumns,
    row: number,
    fromServer: boolean,
    syn: boolean,
    payload: number,
  ): number {
    const { view } = this;
    const client = rows.client[4 * row + 3];
    const server = rows.server[4 * row + 3];
    const header = tcp.TCP_HEADER_LENGTH + (syn ? SYN_OPTIONS : 0);
    const segment = header + payload;
    this.bytes.set(fromServer ? CLIENT_MAC : SERVER_MAC, 0);
    this.bytes.set(fromServer ? SERVER_MAC : CLIENT_MAC, 6);
    ip.setTotalLength(view, IP_AT, ip.IPV4_HEADER_LENGTH + segment);
    this.identification = (this.identification + 1) & 0xffff;
    ip.setIdentification(view, IP_AT, this.identification);
    ip.setTtl(view, IP_AT, fromServer ? 64 : 52);
    ip.setSource(view, IP_AT, fromServer ? server : client);
    ip.setDestination(view, IP_AT, fromServer ? client : server);
    ip.setHeaderChecksum(view, IP_AT, 0);
    ip.setHeaderChecksum(view, IP_AT, checksum(view, IP_AT, ip.IPV4_HEADER_LENGTH));
    const clientPort = rows.clientPort[row];
    const serverPort = rows.serverPort[row];
    tcp.setSourcePort(view, TCP_AT, fromServer ? serverPort : clientPort);
    tcp.setDestinationPort(view, TCP_AT, fromServer ? clientPort : serverPort);
    tcp.setDataOffset(view, TCP_AT, header);
    tcp.setWindow(view, TCP_AT, WINDOW);
    if (syn) view.setUint32(TCP_AT + tcp.TCP_HEADER_LENGTH, MSS_OPTION);
    tcp.setTcpChecksum(view, TCP_AT, 0);
    const pseudo = pseudoHeaderV4(client, server, ip.IPPROTO_TCP, segment);
    tcp.setTcpChecksum(view, TCP_AT, fold(sumBytes(view, TCP_AT, segment, pseudo)));
    return TCP_AT + segment;
  }
}

const RESPONSE_HEAD = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n";
const END = [13, 10, 13, 10];

function isFromServer(step: number): boolean {
  if (step >= SEGMENT_STEP) return step < ACK_STEP;
  return step === SYN_ACK_STEP || step === SERVER_FIN_STEP || step === LAST_ACK_STEP;
}

/** Initial sequence numbers spread over 32 bits, so that a reused 4-tuple begins elsewhere. */
const initialSequence = (id: number, side: number): number =>
  Math.imul(id + side * 0x51ed27, 0x9e3779b1) >>> 0;
