/** What a kernel does with a packet. One object is filled again for every packet. */
import { hexAt, viewOf } from "../bytes.ts";

/**
 * `accept`: delivered on this host. `forward`: leaves through `dev`, or loops through `lo` when a
 * kernel forwards to itself. `icmp`: refused with an error to the sender. `drop`: refused in
 * silence.
 */
export type Action = "accept" | "forward" | "icmp" | "drop";

export class Verdict {
  action: Action = "drop";
  /** Why, in the words of the kernel function or RFC section that decided. */
  reason = "";
  /** For `icmp`: type, code, and byte offset in the quoted header; -1 where there is none. */
  type = -1;
  code = -1;
  pointer = -1;
  /** For `forward`: the interface. */
  dev = "";
  /** For `accept`: the address it is delivered to. */
  destination = 0;
  /** The IP header as it leaves or is delivered; `headerLength` bytes of it. */
  readonly header: Uint8Array = new Uint8Array(60);
  readonly headerView: DataView = viewOf(this.header);
  headerLength = 0;
  /** For `accept`: the option bytes of a reply, `replyLength` of them. */
  readonly reply: Uint8Array = new Uint8Array(44);
  readonly replyView: DataView = viewOf(this.reply);
  replyLength = 0;

  /** Forgets the last packet. */
  clear(): void {
    this.action = "drop";
    this.reason = "";
    this.type = -1;
    this.code = -1;
    this.pointer = -1;
    this.dev = "";
    this.destination = 0;
    this.headerLength = 0;
    this.replyLength = 0;
  }

  /** The IP header as it leaves, hexadecimal. */
  headerHex(): string {
    return hexAt(this.headerView, 0, this.headerLength);
  }

  /** The option bytes as the socket sees them, hexadecimal. */
  optionsHex(): string {
    return hexAt(this.headerView, 20, Math.max(0, this.headerLength - 20));
  }

  /** The reply's option bytes, hexadecimal. */
  replyHex(): string {
    return hexAt(this.replyView, 0, this.replyLength);
  }
}
