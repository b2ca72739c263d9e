/**
 * Bytes to leave between one column and the next, a few cache lines: columns of as many rows as a
 * power of two would else begin in the same set of the processor's cache, which has room for a dozen
 * lines, and whoever writes a row of sixteen columns would find none of them there again.
 */
export const SKEW = 3 * 64;
