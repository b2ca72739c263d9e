/** Everything that is played once, by the name it is reported under. */
import { curlFetchesPages } from "./curl.ts";
import type { Stage } from "./scene.ts";
import { acceptingClient, passivePeer, sourceRoutingClient, stockClient } from "./source-route.ts";

export const SCENES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "Linux routes by source and is pinned end to end": sourceRoutingClient,
  "a stock Linux drops the pinned SYN-ACK and times out": stockClient,
  "a stock Linux that accepts routes connects, unpinned": acceptingClient,
  "Linux as passive peer follows the route of an anycast server": passivePeer,
  "curl fetches pages": curlFetchesPages,
};
