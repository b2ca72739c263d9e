/** What an IPv6 verdict needs to know of the host. Addresses are 16 bytes in the view handed in. */
export interface V6World {
  owns(view: DataView, at: number): boolean;
  /** Name of the interface a packet for this address leaves by, or null without a route. */
  route(view: DataView, at: number): string | null;
  /** Whether the address is a home address of this mobile node (RFC 6275 section 6.4). */
  isHome(view: DataView, at: number): boolean;
  /** Whether a binding of the home address to the care-of address is held (section 9.3.1). */
  hasBinding(view: DataView, homeAt: number, careOfAt: number): boolean;
  readonly forwarding: boolean;
  /** Segment routing on or off; null for the kernel's default. */
  readonly segmentRouting: boolean | null;
}

/** A router that owns the packet's destination `own` and has a route to everything. */
export function openV6World(own: DataView, ownAt: number): V6World {
  const first = own.getBigUint64(ownAt);
  const second = own.getBigUint64(ownAt + 8);
  return {
    owns: (view, at) => view.getBigUint64(at) === first && view.getBigUint64(at + 8) === second,
    route: () => "any",
    isHome: () => true,
    hasBinding: () => true,
    forwarding: true,
    segmentRouting: null,
  };
}
