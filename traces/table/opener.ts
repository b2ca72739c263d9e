/** New connections: their number, their record, and which end is the server. */
import * as wire from "../../stack/wire/tcp.ts";
import type { Activity } from "../activity.ts";
import type { AddressBook } from "../decode/address-book.ts";
import type { TransportColumns } from "../decode/transport-columns.ts";
import * as transport from "../decode/transport-columns.ts";
import type { ServiceFilter } from "../service.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";
import { reportOpening } from "./report-row.ts";
import { senderIsClient } from "./server-end.ts";
import * as tcp from "./tcp-conversation.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { DOUBLE_SHIFT, ID, KEY_A, KEY_B, KEY_PORTS, LAST, START, STATE, WORD_SHIFT } = record;
const { STATE_CLIENT_B, STATE_FOREIGN, STATE_MIDSTREAM } = tcp;
const { KIND_UDP, KIND_V6 } = transport;
const { TH_ACK, TH_SYN } = wire;

export class Opener {
  readonly #records: Records;
  readonly #addresses: AddressBook;
  readonly #service: ServiceFilter | null;
  /** Connections numbered so far. */
  #count = 0;

  constructor(records: Records, addresses: AddressBook, service: ServiceFilter | null) {
    this.#records = records;
    this.#addresses = addresses;
    this.#service = service;
  }

  /**
   * A record for the connection that `row` begins, sent by `end`. With `--service` a midstream
   * connection's server is the end that is the service's; who is asked for nowhere gets no number.
   */
  open(
    columns: TransportColumns,
    row: number,
    end: number,
    time: number,
    activity: Activity,
  ): number {
    const kind = columns.kind[row];
    const flags = columns.flags[row];
    const ports = columns.ports[row];
    const source = columns.source[row];
    const destination = columns.destination[row];
    const udp = (kind & KIND_UDP) !== 0;
    const midstream = !udp && (flags & (TH_SYN | TH_ACK)) !== TH_SYN;
    let fromClient = senderIsClient(udp, flags, ports >>> 16, ports & 0xffff);
    let wanted = true;
    if (this.#service) {
      const sourceIs = this.#isService(kind, source, ports >>> 16);
      const destinationIs = this.#isService(kind, destination, ports & 0xffff);
      const told = !udp && (flags & TH_SYN) !== 0;
      if (!told && sourceIs !== destinationIs) fromClient = destinationIs;
      wanted = fromClient ? destinationIs : sourceIs;
    }

    const record = this.#records.take();
    const { words, doubles, rest } = this.#records;
    const at = record << WORD_SHIFT;
    const double = record << DOUBLE_SHIFT;
    words[at + KEY_A] = end === 0 ? source : destination;
    words[at + KEY_B] = end === 0 ? destination : source;
    words[at + KEY_PORTS] = end === 0 ? ports : (ports << 16) | (ports >>> 16);
    const client = fromClient ? end : 1 - end;
    words[at + STATE] =
      kind |
      (client * STATE_CLIENT_B) |
      (midstream ? STATE_MIDSTREAM : 0) |
      (wanted ? 0 : STATE_FOREIGN);
    rest[double + START] = time;
    doubles[double + LAST] = time;
    rest[double + ID] = wanted ? this.#count++ : -1;
    if ((kind & KIND_V6) !== 0) {
      this.#addresses.hold(source);
      this.#addresses.hold(destination);
    }
    if (wanted) {
      const { opened, openedSlot } = activity;
      reportOpening(this.#records, record, this.#addresses, opened, openedSlot);
    }
    return record;
  }

  #isService(kind: number, address: number, port: number): boolean {
    if (!this.#service) return true;
    if ((kind & KIND_V6) === 0) return this.#service.matches(0, 0, 0xffff, address, port);
    const { words } = this.#addresses;
    const at = 4 * address;
    return this.#service.matches(words[at], words[at + 1], words[at + 2], words[at + 3], port);
  }
}
