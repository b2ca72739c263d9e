/** What the capture thread and the thread that asked for it tell each other. */

import type { ConnectionOptions } from "../connections.ts";
import type { Damage } from "../errors.ts";
import type { CaptureFacts } from "../followed-capture.ts";

/** What a capture thread is started with. */
export interface CaptureJob {
  names: readonly string[];
  following: ConnectionOptions;
}

export type FromCapture =
  | { kind: "opened"; facts: CaptureFacts }
  | { kind: "parcels"; parcels: ArrayBuffer[]; facts: CaptureFacts }
  | { kind: "end"; facts: CaptureFacts }
  /** It could not be opened: `TraceError.damage`. */
  | { kind: "refused"; damage: Damage };

export type ToCapture =
  /** One load of parcels was used: their memory comes back, and another load may be sent. */
  | { kind: "used"; parcels: ArrayBuffer[] }
  /** Stop reading; what was read is still sent. */
  | { kind: "stop" };

/** Activities that travel together: a message costs more than the copy of a small one. */
export const PARCELS_A_LOAD = 8;
/** Loads under way at once: enough that neither side waits, few enough to stay small. */
export const LOADS_UNDER_WAY = 4;
