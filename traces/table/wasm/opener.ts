/** New connections: their number, their record, and which end is the server. */
import { Activity } from "./activity.ts";
import { addressOf, hold } from "./address-book.ts";
import { Cold, clearLine, Hot } from "./record.ts";
import { cold, hot, takeRecord } from "./records.ts";
import { reportOpening } from "./report.ts";
import { KIND_UDP, KIND_V6, Row } from "./row.ts";
import { senderIsClient, TH_ACK, TH_SYN } from "./server-end.ts";
import { STATE_CLIENT_B, STATE_FLOWING, STATE_FOREIGN, STATE_MIDSTREAM } from "./state.ts";

/** Whether the address in four words and the port are those of the service asked for. */
declare function isService(w0: u32, w1: u32, w2: u32, w3: u32, port: i32): bool;

/** Whether one service was asked for, and whether openings are told of. */
let selective: bool = false;
let told: bool = false;
/** Connections numbered so far. */
let count: f64 = 0;

export function beginOpening(hasService: bool, isTold: bool): void {
  selective = hasService;
  told = isTold;
}

/**
 * A record for the connection that `row` begins. With `--service` a midstream connection's server is
 * the end that is the service's; who is asked for nowhere gets no number.
 */
export function open(row: Row, activity: Activity): i32 {
  const kind = row.kind;
  const flags = row.flags;
  const end = row.end;
  const sourcePort = end !== 0 ? row.ports & 0xffff : row.ports >>> 16;
  const port = end !== 0 ? row.ports >>> 16 : row.ports & 0xffff;
  const udp = (kind & KIND_UDP) !== 0;
  const midstream = !udp && (flags & (TH_SYN | TH_ACK)) !== TH_SYN;
  let fromClient = senderIsClient(udp, flags, sourcePort, port);
  let wanted = true;
  if (selective) {
    const sourceIs = isWanted(kind, end !== 0 ? row.b : row.a, sourcePort);
    const destinationIs = isWanted(kind, end !== 0 ? row.a : row.b, port);
    const synTells = !udp && (flags & TH_SYN) !== 0;
    if (!synTells && sourceIs !== destinationIs) fromClient = destinationIs;
    wanted = fromClient ? destinationIs : sourceIs;
  }

  const record = takeRecord();
  const client = fromClient ? end : 1 - end;
  const line: Hot = hot(record);
  clearLine(changetype<usize>(line));
  line.a = row.a;
  line.b = row.b;
  line.ports = row.ports;
  line.state =
    kind |
    (udp ? STATE_FLOWING : 0) |
    (client * STATE_CLIENT_B) |
    (midstream ? STATE_MIDSTREAM : 0) |
    (wanted ? 0 : STATE_FOREIGN);
  line.last = row.time;
  const rest: Cold = cold(record);
  rest.start = row.time;
  rest.id = wanted ? count++ : -1;
  if ((kind & KIND_V6) !== 0) {
    hold(row.a);
    hold(row.b);
  }
  if (wanted && told) reportOpening(activity.opened, record);
  return record;
}

function isWanted(kind: i32, address: i32, port: i32): bool {
  if ((kind & KIND_V6) === 0) return isService(0, 0, 0xffff, <u32>address, port);
  const known = addressOf(address);
  const high = known.high;
  const low = known.low;
  return isService(<u32>high, <u32>(high >> 32), <u32>low, <u32>(low >> 32), port);
}
