/**
 * Sequence number arithmetic, modulo 2^32 (RFC 9293 section 3.4).
 *
 * A sequence number is kept as a *signed* 32-bit number: V8 holds those unboxed in an object's
 * fields, unsigned ones above 2^31 it does not. `| 0` brings any number into that form.
 */

/** Octets from `b` to `a`: positive when `a` is later. Exact while they are within 2^31. */
export const seqDiff = (a: number, b: number): number => (a - b) | 0;

export const seqAdd = (a: number, octets: number): number => (a + octets) | 0;
export const seqLt = (a: number, b: number): boolean => ((a - b) | 0) < 0;
export const seqLeq = (a: number, b: number): boolean => ((a - b) | 0) <= 0;
export const seqGt = (a: number, b: number): boolean => ((a - b) | 0) > 0;
export const seqGeq = (a: number, b: number): boolean => ((a - b) | 0) >= 0;
export const seqMax = (a: number, b: number): number => (((a - b) | 0) > 0 ? a : b);
export const seqMin = (a: number, b: number): number => (((a - b) | 0) < 0 ? a : b);
