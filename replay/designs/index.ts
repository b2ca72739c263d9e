import { connectionRouter } from "./connection-router/connection-router.ts";
import type { Design } from "./design.ts";
import { pinnedReceive, pinnedTransmit, pinnedTwoPass } from "./pinned/pinned.ts";
import { plain } from "./plain/plain.ts";
import { rfc1546 } from "./rfc1546/rfc1546.ts";
import { sourceIdentification } from "./source-identification/source-identification.ts";

/** Every design: help, scenarios and tests iterate this array. */
export const DESIGNS: readonly Design[] = [
  plain,
  pinnedTransmit,
  pinnedReceive,
  pinnedTwoPass,
  rfc1546,
  sourceIdentification,
  connectionRouter,
];

/** The design of that name, or undefined. */
export const findDesign = (name: string): Design | undefined =>
  DESIGNS.find((design) => design.name === name);
