/** Every capture format that can be read, tried in this order. */
import type { CaptureFormat } from "./format.ts";
import { pcap } from "./pcap.ts";
import { pcapng } from "./pcapng.ts";

export const CAPTURE_FORMATS: readonly CaptureFormat[] = [pcap, pcapng];
