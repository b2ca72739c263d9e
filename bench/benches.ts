/** Every benchmark there is: a new one is a file `NAME.bench.ts` and a line here. */
import type { Bench } from "./bench.ts";
import { capture } from "./capture.bench.ts";
import { check } from "./check.bench.ts";
import { emulation } from "./emulation.bench.ts";
import { flow } from "./flow.bench.ts";
import { micro } from "./micro.bench.ts";
import { olympics } from "./olympics.bench.ts";
import { stackIp } from "./stack-ip.bench.ts";
import { tcp } from "./tcp.bench.ts";

export const benches: readonly Bench[] = [
  capture,
  check,
  flow,
  micro,
  olympics,
  stackIp,
  tcp,
  emulation,
];
