/**
 * Filling the slots of record route and timestamp on the way, in place (RFC 791 section 3.1).
 * `at` is where the option begins; its length byte is trusted, the walk has seen it.
 */
import type { Refusal } from "./refusal.ts";

/** Stores this host's address on the way out at the pointer of a record route. */
export function recordAddress(view: DataView, at: number, address: number): Refusal | null {
  const length = view.getUint8(at + 1);
  if (length < 3) return "malformed";
  const pointer = view.getUint8(at + 2);
  if (pointer < 4) return "malformed";
  if (pointer > length) return "route-full";
  if (pointer + 3 > length) return "malformed";
  view.setUint32(at + pointer - 1, address);
  view.setUint8(at + 2, pointer + 4);
  return null;
}

/**
 * Stores the time (milliseconds since midnight UT) at the pointer of a timestamp option, with
 * `address` before it when the form wants both. In the prespecified form only the host whose
 * address stands at the pointer writes: `isOwn` decides, and `not-ours` says that it did not.
 * A full option counts this host in its overflow field; `overflow` when that is at its end.
 */
export function recordTime(
  view: DataView,
  at: number,
  address: number,
  time: number,
  isOwn: (address: number) => boolean,
): Refusal | null {
  const length = view.getUint8(at + 1);
  if (length < 4) return "malformed";
  const pointer = view.getUint8(at + 2);
  if (pointer < 5) return "malformed";
  const flag = view.getUint8(at + 3) & 15;
  if (pointer > length) {
    if (flag === 3) return "route-full";
    const overflow = view.getUint8(at + 3) >>> 4;
    if (overflow === 15) return "overflow";
    view.setUint8(at + 3, ((overflow + 1) << 4) | flag);
    return null;
  }
  const step = flag === 0 ? 4 : 8;
  if ((flag !== 0 && flag !== 1 && flag !== 3) || pointer + step - 1 > length) return "malformed";
  const slot = at + pointer - 1;
  if (flag === 3 && !isOwn(view.getUint32(slot))) return "not-ours";
  if (flag === 1) view.setUint32(slot, address);
  view.setUint32(slot + step - 4, time);
  view.setUint8(at + 2, pointer + step);
  return null;
}
