/** The thread that reads, decodes and follows captures, and sends what became of their packets. */
import { parentPort, workerData } from "node:worker_threads";
import { TraceError } from "../errors.ts";
import { type FollowedCapture, followCaptures } from "../followed-capture.ts";
import {
  type CaptureJob,
  type FromCapture,
  LOADS_UNDER_WAY,
  PARCELS_A_LOAD,
  type ToCapture,
} from "./messages.ts";
import { pack } from "./parcel.ts";

const port = parentPort;
if (!port) throw new Error("unreachable: capture-worker runs as a thread");
const { names, following } = workerData as CaptureJob;

const stop = new AbortController();
const spare: ArrayBuffer[] = [];
let underWay = 0;
let room: () => void = () => {};
port.on("message", (message: ToCapture) => {
  if (message.kind === "stop") {
    stop.abort();
    return;
  }
  spare.push(...message.parcels);
  underWay--;
  room();
});

const tell = (message: FromCapture, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

async function send(parcels: ArrayBuffer[], capture: FollowedCapture): Promise<void> {
  while (underWay >= LOADS_UNDER_WAY) {
    await new Promise<void>((resolve) => {
      room = resolve;
    });
  }
  underWay++;
  tell({ kind: "parcels", parcels, facts: capture.facts() }, parcels);
}

async function follow(): Promise<void> {
  const capture = await followCaptures(names, following, { signal: stop.signal });
  tell({ kind: "opened", facts: capture.facts() });
  let load: ArrayBuffer[] = [];
  for await (const activity of capture.activities()) {
    load.push(pack(activity, spare));
    if (load.length < PARCELS_A_LOAD) continue;
    await send(load, capture);
    load = [];
  }
  if (load.length > 0) await send(load, capture);
  tell({ kind: "end", facts: capture.facts() });
}

try {
  await follow();
} catch (error) {
  if (!(error instanceof TraceError)) throw error;
  tell({ kind: "refused", damage: error.damage });
}
port.close();
