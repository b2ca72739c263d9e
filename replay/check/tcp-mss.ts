/** The maximum segment size option of a SYN (RFC 9293 section 3.7.1). */
import * as tcp from "../../stack/wire/tcp.ts";

const KIND_END = 0;
const KIND_NOP = 1;
const KIND_MSS = 2;

/** The MSS that the TCP header at `at` announces; 0 when it announces none or is cut. */
export function maximumSegmentSize(view: DataView, at: number): number {
  const end = Math.min(at + tcp.dataOffset(view, at), view.byteLength);
  let option = at + tcp.TCP_HEADER_LENGTH;
  while (option < end) {
    const kind = view.getUint8(option);
    if (kind === KIND_END) return 0;
    if (kind === KIND_NOP) {
      option++;
      continue;
    }
    if (option + 2 > end) return 0;
    const length = view.getUint8(option + 1);
    if (length < 2) return 0;
    if (kind === KIND_MSS)
      return option + 4 <= end && length === 4 ? view.getUint16(option + 2) : 0;
    option += length;
  }
  return 0;
}
