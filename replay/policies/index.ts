import { hash } from "./hash.ts";
import { leastConnection } from "./least-connection.ts";
import type { Policy } from "./policy.ts";
import { random } from "./random.ts";
import { recorded } from "./recorded.ts";
import { roundRobin } from "./round-robin.ts";

/** Every dispatch policy: help, `anypin policies`, tests and sweeps iterate this array. */
export const POLICIES: readonly Policy[] = [roundRobin, random, hash, leastConnection];

/** Those that dispatch, and what did: everything that can be asked for by name. */
export const NAMED_POLICIES: readonly Policy[] = [...POLICIES, recorded];

/** The policy of that name or short form, or undefined. */
export const findPolicy = (name: string): Policy | undefined =>
  NAMED_POLICIES.find((policy) => policy.name === name || policy.aliases.includes(name));

/** Every word that names a policy. */
export const policyWords = (): string[] =>
  NAMED_POLICIES.flatMap((policy) => [policy.name, ...policy.aliases]);
