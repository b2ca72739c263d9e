/** What the connections sent, and how they ended. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";
import { refuse, setDouble, setWhole, wholes, zigzag } from "./bit-pack.ts";

/** Ethernet, IPv4 and TCP headers without options: what most packets weigh beside payload. */
const USUAL_HEADERS: f64 = 54;
/** Differences of this size and beyond would be rounded when their sign becomes their lowest bit. */
const LARGE: f64 = 4503599627370496.0;

function fillDoubles(column: usize, row: usize, count: usize): void {
  for (let n: usize = 0; n < count; n++) setDouble(n, load<f64>(column + 8 * (row + n)));
  wholes(row, count);
}

/** What frames weigh beyond payload and usual headers. */
function fillWire(wires: usize, bytes: usize, packets: usize, row: usize, count: usize): void {
  for (let n: usize = 0; n < count; n++) {
    const at: usize = 8 * (row + n);
    const wire = load<f64>(wires + at);
    const payload = load<f64>(bytes + at);
    const headers = USUAL_HEADERS * load<f64>(packets + at);
    const more = wire - payload - headers;
    const isStored = floor(more) === more && abs(more) < LARGE && payload + headers + more === wire;
    if (!isStored) refuse(row + n);
    setDouble(n, zigzag(more));
  }
  wholes(row, count);
}

export function fillClientBytes(columns: ConnectionColumns, row: usize, count: usize): void {
  fillDoubles(columns.clientBytes, row, count);
}

export function fillServerBytes(columns: ConnectionColumns, row: usize, count: usize): void {
  fillDoubles(columns.serverBytes, row, count);
}

export function fillClientPackets(columns: ConnectionColumns, row: usize, count: usize): void {
  fillDoubles(columns.clientPackets, row, count);
}

export function fillServerPackets(columns: ConnectionColumns, row: usize, count: usize): void {
  fillDoubles(columns.serverPackets, row, count);
}

export function fillClientWire(columns: ConnectionColumns, row: usize, count: usize): void {
  fillWire(columns.clientWireBytes, columns.clientBytes, columns.clientPackets, row, count);
}

export function fillServerWire(columns: ConnectionColumns, row: usize, count: usize): void {
  fillWire(columns.serverWireBytes, columns.serverBytes, columns.serverPackets, row, count);
}

/** How it closed in bits 0 and 1, flags from bit 2 on. */
export function fillCloses(columns: ConnectionColumns, row: usize, count: usize): void {
  for (let n: usize = 0; n < count; n++) {
    const flags: u64 = load<u8>(columns.flags + row + n);
    setWhole(n, <u64>load<u8>(columns.close + row + n) | (flags << 2));
  }
}
