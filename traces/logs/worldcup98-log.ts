/**
 * The binary logs of the 1998 World Cup site (Arlitt and Jin): 20-byte big-endian records of
 * timestamp, client, object, size (32 bits each), method, status, type, server (8 bits each). The
 * server byte names the machine that answered; it becomes the last byte of the server's address
 * 198.51.100.x, which is what the policy `recorded` dispatches by.
 */
import type { ByteWindow } from "../byte-window.ts";
import type { ConnectionColumns } from "../connection.ts";
import type { ConnectionFormat, ConnectionReader } from "../connection-format.ts";
import type { DamageLog } from "../damage-log.ts";
import { setV4 } from "./hosts.ts";
import { emptyEntry } from "./log-reader.ts";
import { LogRows, MODELLED, REQUEST_HEADERS } from "./log-rows.ts";

const RECORD = 20;
/** 26 April to 1 August 1998: the logs begin on 30 April and end on 26 July. */
const EARLIEST = 893_548_800;
const LATEST = 901_929_600;
/** Sizes of transfers that failed are logged so. */
const NO_SIZE = 0xffffffff;
/** Names of objects were replaced by numbers; a request line had about so many bytes. */
const REQUEST_LINE = 45;
const SERVERS = 0xc6336400;
/** Client numbers become addresses of 10.0.0.0/8. */
const CLIENTS = 0x0a000000;

export const worldcup98Log: ConnectionFormat = {
  name: "World Cup 98 log",
  recognise(head) {
    const records = Math.floor(head.length / RECORD);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    for (let i = 0; i < records; i++) if (!isRecord(view, RECORD * i)) return false;
    return records > 0;
  },
  open: (window, damage) => new WorldCupReader(window, damage),
};

/** Methods, status codes and types are small numbers; the time lies within the games. */
function isRecord(view: DataView, at: number): boolean {
  const seconds = view.getUint32(at);
  const method = view.getUint8(at + 16);
  const type = view.getUint8(at + 18);
  return seconds >= EARLIEST && seconds < LATEST && method < 12 && type < 24;
}

class WorldCupReader implements ConnectionReader {
  readonly durations = MODELLED;
  private readonly window: ByteWindow;
  private readonly damage: DamageLog;
  private readonly rows = new LogRows();
  private number = 0;

  constructor(window: ByteWindow, damage: DamageLog) {
    this.window = window;
    this.damage = damage;
  }

  get origin(): bigint {
    return BigInt(this.rows.originSeconds ?? 0) * 1_000_000_000n;
  }

  async *blocks(): AsyncGenerator<ConnectionColumns> {
    const { window } = this;
    const entry = emptyEntry();
    for (;;) {
      for (; window.start + RECORD <= window.end; window.start += RECORD) {
        const at = window.start;
        this.number++;
        if (!isRecord(window.view, at)) {
          this.report("a record of the 1998 games", `time ${window.view.getUint32(at)}`, RECORD);
          continue;
        }
        const size = window.view.getUint32(at + 12);
        entry.seconds = window.view.getUint32(at);
        setV4(entry.client, CLIENTS + (window.view.getUint32(at + 4) & 0xffffff));
        setV4(entry.server, SERVERS + window.view.getUint8(at + 19));
        entry.serverPort = 80;
        entry.requestBytes = REQUEST_LINE + REQUEST_HEADERS;
        entry.responseBytes = size === NO_SIZE ? 0 : size;
        if (this.rows.full) yield* this.rows.drain(false);
        this.rows.add(entry);
      }
      if (window.ended) break;
      window.want(window.start + RECORD);
      await window.fill();
    }
    const rest = window.end - window.start;
    if (window.fault) this.report(window.fault.expected, window.fault.found, null);
    else if (rest > 0) {
      this.number++;
      this.report(`${RECORD} bytes`, `the end of the file after ${rest}`, null);
    }
    yield* this.rows.drain(true);
  }

  private report(expected: string, found: string, skipped: number | null): void {
    const offset = this.window.base + this.window.start;
    this.damage.add({ offset, packet: this.number, expected, found, skipped });
  }
}
