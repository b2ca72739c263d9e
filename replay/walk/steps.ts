/** What a walk found: plain rows, for `report/*` to draw. */

/** Where the paper's two switches and the world around stand. */
export interface WalkChoice {
  /** Which half of the patch the server has. */
  pin: "transmit" | "receive";
  /** Figure 1, or Figure 2: the way to the client leaves by another interface. */
  topology: "single" | "multihomed";
  /** A hop that is the host itself costs a pass through `ip_output` of its own. */
  twoPass: boolean;
  /** What the client's TCP does with the route of a SYN-ACK. */
  client: "engel" | "stock" | "bsd44" | "freebsd" | "filtering";
}

/** A source route as the paper draws it: slots and the triangle of its pointer. */
export interface RoutePicture {
  /** `LSRR` or `SSRR`. */
  kind: string;
  /** Addresses of the slots, in order. */
  slots: readonly string[];
  /** Index of the slot that the pointer names; the number of slots when the route is completed. */
  pointer: number;
}

/** Bytes of a packet and what they say. */
export interface WalkField {
  /** Offset from the IP header's first byte. */
  offset: number;
  hex: string;
  meaning: string;
  layer: "ip" | "option" | "tcp" | "data";
}

/** TCP of one end: what its control block holds. Sequence numbers are unsigned. */
export interface TcpLayer {
  state: string;
  sndUna: number;
  sndNxt: number;
  rcvNxt: number;
  /** The route it sends along: first hop, then the option's hops; empty for none. */
  route: readonly string[];
}

/** IP of one end, as the packet passed it. */
export interface IpLayer {
  interface: string;
  /** What was done, a clause each. */
  notes: readonly string[];
  /** The route in the packet as this layer handed it on; null without one. */
  route: RoutePicture | null;
}

/** One packet, from the control block that sent it to the one that took it. */
export interface WalkStep {
  label: "SYN" | "SYN-ACK" | "ACK" | "data" | "reply";
  sender: "client" | "server";
  /** Source and destination of the IP header on the wire. */
  from: string;
  to: string;
  /** The whole IP packet in hexadecimal, as it left. */
  wire: string;
  fields: readonly WalkField[];
  route: RoutePicture | null;
  sending: { tcp: TcpLayer; ip: IpLayer };
  /** Null when no TCP took it. */
  receiving: { tcp: TcpLayer; ip: IpLayer } | null;
}

export interface Walk {
  choice: WalkChoice;
  /** Names of the addresses that occur: `A`, `U`, `U2`, `C`. */
  names: Readonly<Record<string, string>>;
  /** SYN, SYN-ACK, first data packet and reply: those of them that there were. */
  steps: readonly WalkStep[];
  /** What crossed the wire besides, and how many steps had gone before. */
  between: readonly { after: number; step: WalkStep }[];
  /** How it ended, in one sentence. */
  verdict: string;
}
