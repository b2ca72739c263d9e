/** New connections: their number, their record, and which end is the server. */
import * as wire from "../../stack/wire/tcp.ts";
import type { Activity } from "../activity.ts";
import * as packet from "../decode/packet-rows.ts";
import type { ServiceFilter } from "../service.ts";
import type { AddressBook } from "./address-book.ts";
import type { Records } from "./records.ts";
import * as record from "./records.ts";
import { reportOpening } from "./report-row.ts";
import * as note from "./row-notes.ts";
import { senderIsClient } from "./server-end.ts";
import * as states from "./states.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const {
  DOUBLE_SHIFT,
  ID,
  KEY_A,
  KEY_B,
  KEY_PORTS,
  LAST,
  PACKETS,
  PAYLOAD,
  PAYLOAD_CARRY,
  START,
  STATE,
  WIRE,
  WIRE_CARRY,
  WORD_SHIFT,
} = record;
const { FIN_END, ISN, STATE_CLIENT_B, STATE_FLOWING, STATE_FOREIGN, STATE_MIDSTREAM } = states;
const { DESTINATION, FLAGS, KIND, KIND_UDP, KIND_V6, PORTS, SOURCE } = packet;
const { END, NOTE_A, NOTE_B, NOTE_PORTS } = note;
const { TH_ACK, TH_SYN } = wire;

export class Opener {
  readonly #records: Records;
  readonly #addresses: AddressBook;
  readonly #service: ServiceFilter | null;
  /** Whether openings are told of. */
  readonly #told: boolean;
  /** Connections numbered so far. */
  #count = 0;

  constructor(
    records: Records,
    addresses: AddressBook,
    options: { service: ServiceFilter | null; packets: boolean },
  ) {
    this.#records = records;
    this.#addresses = addresses;
    this.#service = options.service;
    this.#told = options.packets;
  }

  /**
   * A record for the connection that `row` begins at `time`. With `--service` a midstream
   * connection's server is the end that is the service's; who is asked for nowhere gets no number.
   */
  open(rows: Int32Array, notes: Int32Array, row: number, time: number, activity: Activity): number {
    const kind = rows[row + KIND];
    const flags = rows[row + FLAGS];
    const ports = rows[row + PORTS];
    const udp = (kind & KIND_UDP) !== 0;
    const midstream = !udp && (flags & (TH_SYN | TH_ACK)) !== TH_SYN;
    let fromClient = senderIsClient(udp, flags, ports >>> 16, ports & 0xffff);
    let wanted = true;
    if (this.#service) {
      const sourceIs = this.#isService(kind, rows[row + SOURCE], ports >>> 16);
      const destinationIs = this.#isService(kind, rows[row + DESTINATION], ports & 0xffff);
      const told = !udp && (flags & TH_SYN) !== 0;
      if (!told && sourceIs !== destinationIs) fromClient = destinationIs;
      wanted = fromClient ? destinationIs : sourceIs;
    }

    const record = this.#records.take();
    const { words, doubles, coldWords, coldDoubles } = this.#records;
    const at = record << WORD_SHIFT;
    const double = record << DOUBLE_SHIFT;
    const end = notes[row + END];
    const client = fromClient ? end : 1 - end;
    words[at + KEY_A] = notes[row + NOTE_A];
    words[at + KEY_B] = notes[row + NOTE_B];
    words[at + KEY_PORTS] = notes[row + NOTE_PORTS];
    words[at + STATE] =
      kind |
      (udp ? STATE_FLOWING : 0) |
      (client * STATE_CLIENT_B) |
      (midstream ? STATE_MIDSTREAM : 0) |
      (wanted ? 0 : STATE_FOREIGN);
    for (let side = 0; side < 2; side++) {
      words[at + PACKETS + side] = 0;
      words[at + PAYLOAD + side] = 0;
      words[at + WIRE + side] = 0;
      words[at + ISN + side] = 0;
      words[at + FIN_END + side] = 0;
      coldWords[at + PAYLOAD_CARRY + side] = 0;
      coldWords[at + WIRE_CARRY + side] = 0;
    }
    doubles[double + LAST] = time;
    coldDoubles[double + START] = time;
    coldDoubles[double + ID] = wanted ? this.#count++ : -1;
    if ((kind & KIND_V6) !== 0) {
      this.#addresses.hold(rows[row + SOURCE]);
      this.#addresses.hold(rows[row + DESTINATION]);
    }
    if (wanted && this.#told) {
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
