/** Which services the connections are to: the block's distinct ones, and row by row which of them. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import { setWhole } from "./bit-pack.ts";
import { beginKeys, keyCount, keyOf, numberOf, putAddress } from "./keys.ts";
import { NUMBERS } from "./room.ts";

let firstRow: usize = 0;

/** Takes in the services of rows `first … end − 1` and puts them at `at`; returns where that ends. */
export function putServices(
  columns: ConnectionColumns,
  first: usize,
  end: usize,
  at: usize,
): usize {
  firstRow = first;
  beginKeys(end - first);
  for (let row = first; row < end; row++) {
    const server = columns.server + 16 * row;
    const port: u32 = load<u16>(columns.serverPort + 2 * row);
    const rest = (port << 16) | ((<u32>load<u8>(columns.protocol + row)) << 8);
    const number = numberOf(load<u64>(server), load<u64>(server, 8), rest);
    store<u32>(NUMBERS + 4 * (row - first), number);
  }
  const count: usize = keyCount();
  for (let number: usize = 0; number < count; number++) {
    const key = keyOf(number);
    at = putAddress(at, key);
    store<u32>(at, bswap<u32>(key.rest));
    at += 4;
  }
  return at;
}

export function fillServices(_columns: ConnectionColumns, row: usize, count: usize): void {
  const numbers = NUMBERS + 4 * (row - firstRow);
  for (let n: usize = 0; n < count; n++) setWhole(n, load<u32>(numbers + 4 * n));
}
