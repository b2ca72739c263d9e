/** The calls that move bytes, and poll. */

import { CONSTANTS } from "./constants.ts";
import type { Descriptor } from "./machine.ts";
import { DrillFailure, type Value } from "./model.ts";
import { type Attempt, type Call, done, type Outcome, outcome } from "./outcome.ts";
import { numberOf, valueText } from "./values.ts";

/** Most bytes that one call may move. */
const LONGEST_TRANSFER = 2 ** 26;

const { MSG_DONTWAIT, MSG_NOSIGNAL } = CONSTANTS;

/** The number that is a call's argument `index`. */
export const numberAt = ({ action, line }: Call, index: number): number =>
  numberOf(action.args[index], line);

/** The descriptor that is a call's first argument. */
export function descriptor(call: Call): Descriptor {
  const number = numberAt(call, 0);
  const found = call.session.machine.descriptors.get(number);
  if (!found) throw new DrillFailure(call.line, `descriptor ${number} is not open`);
  return found;
}

export function receiver(call: Call, wanted: number, flags: number): Attempt {
  const entry = descriptor(call);
  const count = checkedCount(wanted, call.line);
  const waits = entry.blocking && !(flags & MSG_DONTWAIT);
  return () => {
    const result = entry.socket.receive(new Uint8Array(count), flags & ~MSG_DONTWAIT);
    return result === "EAGAIN" && waits ? null : outcome(result);
  };
}

/** Bytes whose values tell where in the stream they stand. */
export function sender(call: Call, wanted: number, flags: number): Attempt {
  const entry = descriptor(call);
  const count = checkedCount(wanted, call.line);
  const waits = entry.blocking && !(flags & MSG_DONTWAIT);
  const data = Uint8Array.from({ length: count }, (_, i) => i & 255);
  let taken = 0;
  return () => {
    const how = flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL);
    const result = entry.socket.send(data, how, taken, count - taken);
    if (typeof result !== "number") {
      if (result === "EAGAIN" && waits) return null;
      return taken > 0 ? done(taken) : outcome(result);
    }
    taken += result;
    return taken < count && waits ? null : done(taken);
  };
}

/** A script's count of bytes is a claim: no buffer is made by a wild one. */
function checkedCount(count: number, line: number): number {
  if (count >= 0 && count <= LONGEST_TRANSFER) return count;
  throw new DrillFailure(line, `expected 0 to ${LONGEST_TRANSFER} bytes, found ${count}`);
}

/** Bytes of `[{..., 1000}, {..., 2000}]`. */
export function vectorLength(call: Call): number {
  const list = call.action.args[1];
  if (list?.kind !== "list") throw new DrillFailure(call.line, "expected [{…, length}]");
  return list.items.reduce((sum, item) => {
    const fields = item.kind === "struct" ? [...item.fields.values()] : [];
    return sum + numberOf(fields.at(-1), call.line);
  }, 0);
}

export function poll(call: Call, items: readonly Value[], until: number): Outcome | null {
  let ready = 0;
  const differences: string[] = [];
  for (const item of items) {
    const fields = item.kind === "struct" ? item.fields : new Map<string, Value>();
    const number = numberOf(fields.get("fd"), call.line);
    const found = call.session.machine.descriptors.get(number);
    const asked = numberOf(fields.get("events"), call.line);
    const always = CONSTANTS.POLLERR | CONSTANTS.POLLHUP;
    const events = (found?.socket.poll() ?? 0) & (asked | always);
    const expected = fields.get("revents");
    if (events) ready++;
    if (expected && expected.kind !== "any" && numberOf(expected, call.line) !== events) {
      differences.push(`fd ${number} revents ${valueText(expected)}, found ${events}`);
    }
  }
  if (ready === 0 && call.session.machine.now < until) return null;
  return done(ready, differences);
}
