/** What a kernel was seen to do with a packet, held against a verdict. */
import { dottedQuad } from "../../ipopts/address.ts";
import type { Verdict } from "../../ipopts/profiles/verdict.ts";

/** As `kernel/README.md` describes; an empty list is a packet dropped in silence. */
export interface Outcome {
  readonly kind: "delivered" | "sent" | "icmp";
  readonly dst?: string;
  readonly recvopts?: string;
  readonly retopts?: string;
  readonly port?: string;
  readonly packet?: string;
  readonly type?: number;
  readonly code?: number;
  readonly pointer?: number;
}

/** `text` with the bytes hidden in which two verdicts at different times of day differ. */
function maskClock(text: string, now: string, later: string): string {
  if (now === later) return text;
  let masked = "";
  for (let i = 0; i < text.length; i += 2) {
    const clock = now.slice(i, i + 2) !== later.slice(i, i + 2);
    masked += clock ? "xx" : text.slice(i, i + 2);
  }
  return masked;
}

/** Every byte of a time differs between two verdicts at times 0 and 0x7fffffff. */
function compare(what: string, seen: string, now: string, later: string): string | null {
  const masked = [seen, now].map((text) => maskClock(text, now, later));
  if (masked[0] === masked[1]) return null;
  return `${what}: kernel ${seen}, profile ${now}`;
}

/** The recorded header checksum hides with the timestamps: the kernel's own is trusted. */
const withoutChecksum = (header: string): string => `${header.slice(0, 20)}${header.slice(24)}`;

/**
 * How `result` differs from the verdict `now`, or null. `later` is the verdict at another time of
 * day. A verdict's views are only good until the next one, so they come from two judges.
 */
export function differs(now: Verdict, later: Verdict, result: readonly Outcome[]): string | null {
  const seen = result.map((item) => item.kind).join("+") || "dropped";
  const said = { accept: "delivered", forward: "sent", icmp: "icmp", drop: "dropped" }[now.action];
  const only = result[0];
  if (seen !== said || result.length > 1) return `kernel ${seen}, profile ${said} (${now.reason})`;
  if (only === undefined) return null;
  switch (only.kind) {
    case "icmp": {
      const kernel = `${only.type}/${only.code} ${only.type === 12 ? only.pointer : -1}`;
      const profile = `${now.type}/${now.code} ${now.pointer}`;
      return kernel === profile ? null : `kernel ${kernel}, profile ${profile} (${now.reason})`;
    }
    case "delivered": {
      const to = dottedQuad(now.destination);
      if (only.dst !== to) return `kernel delivered to ${only.dst}, profile to ${to}`;
      return (
        compare("options", only.recvopts ?? "", now.optionsHex(), later.optionsHex()) ??
        compare("reply", only.retopts ?? "", now.replyHex(), later.replyHex())
      );
    }
    default: {
      if (only.port !== now.dev) return `kernel sent by ${only.port}, profile by ${now.dev}`;
      const header = now.headerHex();
      const sent = (only.packet ?? "").slice(0, header.length);
      if (header === later.headerHex()) return compare("header", sent, header, header);
      return compare(
        "header",
        withoutChecksum(sent),
        withoutChecksum(header),
        withoutChecksum(later.headerHex()),
      );
    }
  }
}
