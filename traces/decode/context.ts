/** What decoding one packet reads and writes beside the packet. */
import { AddressBook } from "./address-book.ts";
import { type FragmentKey, FragmentTable } from "./fragment-table.ts";
import { Frame } from "./frame.ts";
import { type PacketRows, packetRows } from "./packet-rows.ts";

export class DecodeContext {
  readonly frame = new Frame();
  readonly rows: PacketRows = packetRows();
  readonly addresses = new AddressBook();
  readonly fragments = new FragmentTable(this.addresses);
  /** Used for every fragment, so that none makes an object. */
  readonly fragmentKey: FragmentKey = { source: 0, destination: 0, id: 0, protocol: 0 };
  /** Whether to follow what tunnels carry. */
  readonly tunnels: boolean;
  /** Time of the packet at hand, nanoseconds since the trace's origin. */
  time = 0;

  constructor(tunnels: boolean) {
    this.tunnels = tunnels;
  }
}
