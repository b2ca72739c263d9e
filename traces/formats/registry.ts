/** Every capture format that can be read, tried in this order. */
import type { CaptureFormat } from "./format.ts";
import { pcap } from "./pcap.ts";
import { pcapng } from "./pcapng.ts";

const CAPTURE_FORMATS: readonly CaptureFormat[] = [pcap, pcapng];

/** The format of a capture that begins like this, or null. */
export function captureFormat(head: Uint8Array): CaptureFormat | null {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return CAPTURE_FORMATS.find((format) => format.recognise(view)) ?? null;
}
