/** Every kernel profile, the default first. */
import { bsd44 } from "./bsd44.ts";
import { engel } from "./engel.ts";
import { freebsd } from "./freebsd.ts";
import { linux } from "./linux.ts";
import type { Profile } from "./table.ts";

export const PROFILES: readonly Profile[] = [engel, linux, bsd44, freebsd];
