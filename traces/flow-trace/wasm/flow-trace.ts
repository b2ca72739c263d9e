/** The inner loops of writing a flow trace: rows of columns become the bytes of a block. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import {
  fillClientBytes,
  fillClientPackets,
  fillClientWire,
  fillCloses,
  fillServerBytes,
  fillServerPackets,
  fillServerWire,
} from "./amounts.ts";
import { beginColumns, NO_ROW, oddRow, packColumn } from "./bit-pack.ts";
import { beginClients, fillAddresses, fillClientPorts, fillClients, putV6 } from "./clients.ts";
import { BLOCK_ROWS, FREE, OUT } from "./room.ts";
import { fillServices, putServices } from "./services.ts";
import { Summary, summarize } from "./summary.ts";
import { beginTimes, blockEnd, fillDurations, fillStarts, isSigned } from "./times.ts";

export { BLOCK_ROWS, blockEnd, FREE, OUT };

/** What sums up the block that was encoded last. */
export const SUMMARY = memory.data(offsetof<Summary>());
/** Where each of its bytes fields ends, in the order of `BYTES_FIELDS`; the first begins at `OUT`. */
export const ENDS = memory.data(4 * 16);
/** How many distinct IPv4 addresses it has. */
export const CLIENTS_V4 = memory.data(4);

/** How many fields are done. */
let fields: u32 = 0;
/** Of the first value that cannot be stored: its field, or −1 when there is none. */
let oddField: i32 = -1;

/** Notes that a field ends at `at`, where the next one begins. */
function endField(at: usize): usize {
  if (oddRow !== NO_ROW && oddField < 0) oddField = fields;
  store<u32>(ENDS + 4 * fields++, <u32>at);
  return at;
}

/** Row of the value that `encode` has found not to be storable. */
export function rowAtFault(): usize {
  return oddRow;
}

/**
 * Encodes rows `first … end − 1`, which `blockEnd` has found to be a block. Returns −1, or of the first value
 * that is no whole number in [0, 2^64) its field in the order of `ENDS`.
 */
export function encode(columns: ConnectionColumns, first: usize, end: usize): i32 {
  const summary = changetype<Summary>(SUMMARY);
  summarize(columns, first, end, summary);
  summary.timeUnit = beginTimes(columns, first, end);
  fields = 0;
  oddField = -1;
  beginColumns();
  const starts = packColumn(columns, first, end, OUT, fillStarts);
  let at = endField(isSigned() ? OUT : starts);
  at = endField(starts);
  at = endField(packColumn(columns, first, end, at, fillDurations));
  const v4 = beginClients(columns, first, end);
  store<u32>(CLIENTS_V4, v4);
  at = endField(packColumn(columns, 0, v4, at, fillAddresses));
  at = endField(putV6(at, v4));
  at = endField(packColumn(columns, first, end, at, fillClients));
  at = endField(packColumn(columns, first, end, at, fillClientPorts));
  at = endField(putServices(columns, first, end, at));
  at = endField(packColumn(columns, first, end, at, fillServices));
  at = endField(packColumn(columns, first, end, at, fillClientBytes));
  at = endField(packColumn(columns, first, end, at, fillServerBytes));
  at = endField(packColumn(columns, first, end, at, fillClientPackets));
  at = endField(packColumn(columns, first, end, at, fillServerPackets));
  at = endField(packColumn(columns, first, end, at, fillClientWire));
  at = endField(packColumn(columns, first, end, at, fillServerWire));
  endField(packColumn(columns, first, end, at, fillCloses));
  return oddField;
}
