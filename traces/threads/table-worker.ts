/** The thread that follows connections through the groups of packets that another one decodes. */
import { parentPort } from "node:worker_threads";
import { ServiceFilter } from "../service.ts";
import { ConnectionTable } from "../table/connection-table.ts";
import { GROUPS, PacketGroups, TO_FOLLOW, TO_TELL } from "./packet-group.ts";
import type { TableJob } from "./table-thread.ts";

function follow({ memory, at: place, options, service }: TableJob): void {
  const { groups, turns } = new PacketGroups(memory.buffer, place);
  try {
    const filter = service && new ServiceFilter(service);
    const table = new ConnectionTable({ ...options, service: filter }, memory);
    for (let at = 0; turns.wait(at, TO_FOLLOW); at = (at + 1) % GROUPS) {
      groups[at].follow(table);
      turns.pass(at, TO_TELL);
    }
  } catch (error) {
    turns.fail();
    throw error;
  }
}

parentPort?.once("message", follow);
