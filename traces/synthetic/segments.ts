/**
 * One request and one response as TCP segments, seen at the server. The conversation, in order:
 *
 * ```
 * SYN ▸   ◂ SYN-ACK   request ▸
 * ◂ segment   ◂ segment   ◂ those of the two that are sent again   acknowledgement ▸   and so on
 * ◂ FIN   FIN ▸   ◂ ACK
 * ```
 * So the client sends 3 + ⌈segments/2⌉ packets and the server 3 + segments + those sent again.
 */

/** Bytes in a full segment: Ethernet's MSS. */
export const SEGMENT = 1460;
/** Bytes of the MSS option that both SYNs carry. */
export const SYN_OPTIONS = 4;

export const segmentsOf = (bytes: number): number => Math.ceil(bytes / SEGMENT);

/** Payload bytes of segment `n`, from 0, of a response of `bytes`. */
export const segmentBytes = (bytes: number, n: number): number =>
  Math.min(SEGMENT, bytes - n * SEGMENT);

/** Which segment the `nth` retransmission repeats: spread over the response. */
export const repeatedSegment = (nth: number, segments: number): number => (5 * nth + 2) % segments;

/** Steps of a conversation; a response segment n is SEGMENT_STEP + n, and so on. */
export const SYN_STEP = 0;
export const SYN_ACK_STEP = 1;
export const REQUEST_STEP = 2;
export const SERVER_FIN_STEP = 3;
export const CLIENT_FIN_STEP = 4;
export const LAST_ACK_STEP = 5;
/** Response segment n. */
export const SEGMENT_STEP = 0x1000;
/** Response segment n once more. */
export const REPEAT_STEP = 0x2000;
/** The client's acknowledgement of everything before segment n. */
export const ACK_STEP = 0x3000;

/**
 * Writes the steps of a conversation of `segments` response segments to `steps`; returns how many.
 * With `reordered`, the first two segments leave the wrong way round.
 */
export function layOut(
  segments: number,
  retransmitted: number,
  reordered: boolean,
  steps: Uint16Array,
): number {
  let count = 0;
  steps[count++] = SYN_STEP;
  steps[count++] = SYN_ACK_STEP;
  steps[count++] = REQUEST_STEP;
  for (let n = 0; n < segments; n += 2) {
    const both = n + 1 < segments;
    const first = count;
    steps[count++] = SEGMENT_STEP + n;
    if (both) steps[count++] = SEGMENT_STEP + n + 1;
    for (let nth = 0; nth < retransmitted; nth++) {
      const again = repeatedSegment(nth, segments);
      if (again === n || again === n + 1) steps[count++] = REPEAT_STEP + again;
    }
    if (reordered && n === 0 && both) {
      steps[first] = SEGMENT_STEP + 1;
      steps[first + 1] = SEGMENT_STEP;
    }
    steps[count++] = ACK_STEP + Math.min(n + 2, segments);
  }
  steps[count++] = SERVER_FIN_STEP;
  steps[count++] = CLIENT_FIN_STEP;
  steps[count++] = LAST_ACK_STEP;
  return count;
}
