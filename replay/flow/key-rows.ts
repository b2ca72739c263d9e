/** Some rows of what policies may know of connections. */
import type { FlowKeys } from "../policies/policy.ts";

/** Rows `from` … `to` − 1 as rows 0 and on, over the same memory. */
export const keyRows = (keys: FlowKeys, from: number, to: number): FlowKeys =>
  from === 0
    ? keys
    : {
        client: keys.client.subarray(4 * from, 4 * to),
        server: keys.server.subarray(4 * from, 4 * to),
        clientPort: keys.clientPort.subarray(from, to),
        serverPort: keys.serverPort.subarray(from, to),
        protocol: keys.protocol.subarray(from, to),
      };
