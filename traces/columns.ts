/** Where columns lie that follow one another in one memory. */

/**
 * Bytes left between one column and the next, a few cache lines: columns of as many rows as a power of
 * two would else begin in the same set of the processor's cache, which has room for a dozen lines, and
 * whoever writes a row of sixteen columns would find none of them there again.
 */
const SKEW = 3 * 64;

/** Bytes that a column of `bytes` bytes takes, with what is left behind it: a multiple of 8. */
const columnBytes = (bytes: number): number => 8 * Math.ceil(bytes / 8) + SKEW;

/** Gives one place behind the other, from byte `at` (a multiple of 8) on, each for so many bytes. */
export function columnPlaces(at: number): (bytes: number) => number {
  let end = at;
  return (bytes) => {
    const begin = end;
    end += columnBytes(bytes);
    return begin;
  };
}

/** Bytes of columns with `rows` rows, whose elements are `widths` bytes wide. */
export const allColumnBytes = (widths: readonly number[], rows: number): number =>
  widths.reduce((sum, width) => sum + columnBytes(width * rows), 0);
