/** What IP did with a packet, told from the packet, the saved route and the stack's counters. */
import type { Stack } from "../../stack/stack.ts";
import { formatV4 } from "../../stack/wire/address.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import { routePicture } from "./fields.ts";
import type { Handed } from "./observe.ts";
import type { TcpLayer, WalkStep } from "./steps.ts";

type Names = Readonly<Record<string, string>>;

const say = (address: string, names: Names): string => names[address] ?? address;

/** `{U, ▲ A}`: the slots with the pointer where the paper draws it. */
function slotsText(slots: readonly string[], pointer: number, names: Names): string {
  const shown = slots.map((slot, i) => `${i === pointer ? "▲ " : ""}${say(slot, names)}`);
  return `{${shown.join(", ")}${pointer >= slots.length ? " ▲" : ""}}`;
}

/** Of a packet that leaves by `out`; `tcp` is its control block, `pinned`: the patch added a hop. */
export function sentNotes(
  stack: Stack,
  tcp: TcpLayer,
  wire: Uint8Array,
  out: string,
  pinned: boolean,
  names: Names,
): string[] {
  const view = new DataView(wire.buffer);
  const route = routePicture(view, 0);
  const source = formatV4(ipv4.source(view, 0));
  const notes: string[] = [];
  const [first] = tcp.route;
  if (first !== undefined) {
    notes.push(`TCP hands down the route ${tcp.route.map((hop) => say(hop, names)).join(", ")}`);
    if (isOwn(stack, first)) {
      notes.push(
        stack.config.twoPass
          ? `first hop ${say(first, names)} is this host: once around through loopback`
          : `first hop ${say(first, names)} is this host: passed at once, in the same pass`,
      );
    }
  }
  if (pinned && route) {
    const pin = route.slots[Math.max(0, route.pointer - 1)];
    notes.push(
      `${say(source, names)} is anycast: the patch inserts ${say(pin, names)}, of ${out}, as a hop passed`,
    );
  }
  if (route) notes.push(`${route.kind} ${slotsText(route.slots, route.pointer, names)}`);
  if (ipv4.ttl(view, 0) !== stack.config.ttl) notes.push(`time to live ${ipv4.ttl(view, 0)}`);
  notes.push(`leaves by ${out}`);
  return notes;
}

/**
 * Of a packet that `ipintr` handed to TCP; `step` is the packet as it was on the wire, from which it
 * came in by `entry`.
 */
export function receivedNotes(
  stack: Stack,
  handed: Handed,
  step: Pick<WalkStep, "to" | "route">,
  entry: string,
  names: Names,
): string[] {
  const view = new DataView(handed.packet.buffer);
  const destination = formatV4(ipv4.destination(view, 0));
  const route = routePicture(view, 0);
  const notes = [`came in by ${entry}`];
  if (destination !== step.to) {
    notes.push(
      `${say(step.to, names)} is this host and so is the next hop ${say(destination, names)}: ` +
        (handed.interface === entry
          ? "the pointer moves on, delivered in one pass"
          : `forwarded to itself, once around through ${handed.interface}, time to live ${ipv4.ttl(view, 0)}`),
    );
  }
  if (route) notes.push(`${route.kind} ${slotsText(route.slots, route.pointer, names)}`);
  const [source, ...hops] = handed.saved;
  if (source === undefined) return notes;
  const back = [...hops].reverse();
  if (stack.config.pinRx && !step.route) {
    notes.push(
      `${say(destination, names)} is anycast: the patch makes the way back lead through ` +
        `${say(hops[0], names)}, of ${entry}`,
    );
  }
  notes.push(`the way back: ${[...back, source].map((hop) => say(hop, names)).join(", ")}`);
  return notes;
}

const isOwn = (stack: Stack, address: string): boolean =>
  stack.interfaces.some((each) =>
    each.addresses.some(
      (own) => typeof own.address === "number" && formatV4(own.address) === address,
    ),
  );
