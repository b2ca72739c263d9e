/** Every synthetic profile, one line each: help, tests and `anypin generate` go through this. */
import { olympic96 } from "./olympic96.ts";
import { onoff } from "./onoff.ts";
import { poisson } from "./poisson.ts";
import type { SyntheticProfile } from "./profile.ts";
import { worldcup98 } from "./worldcup98.ts";

export const PROFILES: readonly SyntheticProfile[] = [olympic96, poisson, onoff, worldcup98];
