/** What is said about a packet: the shape of one line of `anypin check --json` (DESIGN.md 5). */
import type { Severity } from "../../ipopts/fault.ts";

export interface ReportedOption {
  readonly type: number;
  readonly name: string;
  /** From the first byte of the IP header that the option belongs to; lengths in bytes. */
  readonly offset: number;
  readonly length: number;
  /** IPv6: the extension header it stands in. */
  readonly header?: string;
  readonly pointer?: number;
  readonly addresses?: readonly string[];
  readonly value?: Readonly<Record<string, unknown>>;
}

export interface Finding {
  /** Stable name of the rule. */
  readonly code: string;
  /** Of the offending byte, from the first byte of the IP header. */
  readonly offset: number;
  readonly message: string;
  readonly severity: Severity;
  /** Where the rule stands: a section of an RFC, or a function of a kernel. */
  readonly source: string;
}

export interface ReportedVerdict {
  readonly action: "accept" | "forward" | "icmp" | "drop";
  readonly icmp?: { readonly type: number; readonly code: number; readonly pointer?: number };
  readonly dev?: string;
  /** IP header (IPv6: with extension headers) as it leaves, hex. */
  readonly header?: string;
  readonly destination?: string;
  /** Option bytes (IPv6: extension headers) as the socket sees them, hex. */
  readonly options?: string;
  /** Option bytes the host would send back, hex. */
  readonly replyOptions?: string;
  /** One clause for people. */
  readonly reason?: string;
}

/** One IP header of a packet. */
export interface HeaderReport {
  readonly source: string;
  readonly destination: string;
  readonly options: readonly ReportedOption[];
  readonly checksums: { readonly ip: boolean | null; readonly transport: boolean | null };
  readonly findings: readonly Finding[];
  /**
   * By profile; a profile is missing when a cut hides what its verdict depends on. A packet whose
   * report begins with a quote has the verdicts on the ICMP error around it; a quote further inside
   * has none, for no kernel gets it as a packet.
   */
  readonly verdicts: Readonly<Record<string, ReportedVerdict>>;
  /** Whether writing what was read gives the same bytes. */
  readonly reencodes: boolean;
  /** The headers around this one, outermost first: `tunnel`, or `icmp` for a quoted packet. */
  readonly within?: readonly string[];
}

export interface PacketReport extends HeaderReport {
  /** 1-based, in its file. */
  readonly packet: number;
  /** Only when several captures are read. */
  readonly file?: string;
  /** Under one of the profiles asked for. */
  readonly invalid: boolean;
  /** Further headers with options inside this one. */
  readonly inner?: readonly HeaderReport[];
}
