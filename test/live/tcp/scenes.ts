/** Everything that is played once, by the name it is reported under. */
import { curlFetchesPages } from "./curl.ts";
import type { Stage } from "./scene.ts";
import {
  abort,
  crowd,
  halfClose,
  refused,
  simultaneousClose,
  simultaneousOpen,
  timeWaitReuse,
} from "./scenes-close.ts";
import { keepAlive, pathMtu } from "./scenes-path.ts";
import { congestionMarks, optionsOff, synCookies, zeroWindow } from "./scenes-window.ts";
import { acceptingClient, passivePeer, sourceRoutingClient, stockClient } from "./source-route.ts";

export const SCENES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "Linux routes by source and is pinned end to end": sourceRoutingClient,
  "a stock Linux drops the pinned SYN-ACK and times out": stockClient,
  "a stock Linux that accepts routes connects, unpinned": acceptingClient,
  "Linux as passive peer follows the route of an anycast server": passivePeer,
  "curl fetches pages": curlFetchesPages,
  "zero windows are probed and open": zeroWindow,
  "options left out one by one": optionsOff,
  "SYN cookies, ours and Linux's": synCookies,
  "congestion marks slow both down": congestionMarks,
  "half-closed connections carry data": halfClose,
  "aborted connections reset the other side": abort,
  "connections are refused": refused,
  "simultaneous open": simultaneousOpen,
  "simultaneous close": simultaneousClose,
  "a port is used again in TIME-WAIT": timeWaitReuse,
  "three hundred connections at once": crowd,
  "a router's smaller MTU": pathMtu,
  "keep-alives": keepAlive,
};
