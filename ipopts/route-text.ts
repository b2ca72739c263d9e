/** Address slots with a pointer in the notation `{a, >>b, c}`; `{a, b>>}` is used up. */
import { dottedQuad } from "./address.ts";

/**
 * `addresses` as text with `>>` where `pointer` stands: slots begin at byte 4 of the option and
 * are `step` bytes apart. A pointer between two slots is given as a number behind the braces.
 */
export function routeText(addresses: readonly number[], pointer: number, step = 4): string {
  const at = (pointer - 4) / step;
  const inside = addresses.map((address, i) => `${i === at ? ">>" : ""}${dottedQuad(address)}`);
  const whole = Number.isInteger(at) && at >= 0;
  const done = at >= addresses.length ? ">>" : "";
  const odd = whole ? (at > addresses.length ? ` pointer ${pointer}` : "") : ` pointer ${pointer}`;
  return `{${inside.join(", ")}${done}}${odd}`;
}
