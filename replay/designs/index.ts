import type { Design } from "./design.ts";
import { pinnedReceive, pinnedTransmit, pinnedTwoPass } from "./pinned/pinned.ts";
import { plain } from "./plain/plain.ts";

/** Every design: help, scenarios and tests iterate this array. */
export const DESIGNS: readonly Design[] = [plain, pinnedTransmit, pinnedReceive, pinnedTwoPass];

/** The design of that name, or undefined. */
export const findDesign = (name: string): Design | undefined =>
  DESIGNS.find((design) => design.name === name);
