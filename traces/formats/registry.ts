/** Every capture format that can be read, tried in this order; its reader is loaded for its own files. */
import type { CaptureFormat } from "./format.ts";
import { isPcap } from "./pcap-header.ts";

/** What every pcapng file begins with: the type of a section header block, the same in both byte orders. */
const PCAPNG_MAGIC = 0x0a0d0d0a;

const CAPTURE_FORMATS: readonly CaptureFormat[] = [
  {
    name: "pcap",
    recognise: isPcap,
    load: async () => (await import("./pcap.ts")).openPcap,
  },
  {
    name: "pcapng",
    recognise: (head) => head.byteLength >= 4 && head.getUint32(0) === PCAPNG_MAGIC,
    load: async () => (await import("./pcapng.ts")).openPcapng,
  },
];

/** The format of a capture that begins like this, or null. */
export function captureFormat(head: Uint8Array): CaptureFormat | null {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return CAPTURE_FORMATS.find((format) => format.recognise(view)) ?? null;
}
