/** What decoding one packet reads and writes beside the packet. */
import { FragmentTable, fragmentKey } from "./fragment-table.ts";
import { Frame } from "./frame.ts";
import type { PacketRows } from "./packet-rows.ts";

export class DecodeContext {
  readonly frame = new Frame();
  readonly fragments = new FragmentTable();
  /** Used for every fragment, so that none makes an object. */
  readonly fragmentKey = fragmentKey();
  /** Whether to follow what tunnels carry. */
  readonly tunnels: boolean;
  /** Where the packet at hand goes. */
  rows: PacketRows = { words: new Int32Array(0), v6: new Uint32Array(0) };
  /** Time of the packet at hand, nanoseconds since the trace's origin. */
  time = 0;

  constructor(tunnels: boolean) {
    this.tunnels = tunnels;
  }
}
