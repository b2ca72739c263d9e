/** What the numbers were measured on. */
import { cpus, release, totalmem, type } from "node:os";

export interface Machine {
  processor: string;
  cores: number;
  memoryBytes: number;
  system: string;
  node: string;
}

export function machine(): Machine {
  const cores = cpus();
  return {
    processor: cores[0]?.model ?? "unknown",
    cores: cores.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

export const describeMachine = (m: Machine): string =>
  `${m.processor}, ${m.cores} cores, ${Math.round(m.memoryBytes / 2 ** 30)} GiB, ${m.system}, Node ${m.node}`;
