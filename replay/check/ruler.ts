/** A byte ruler: the bytes of a header in rows, with marks under the ones that are at fault. */
import type { Finding } from "./report.ts";

const ROW = 16;
const MARGIN = "    ";

/**
 * Rows of 16 of the bytes `[from, from + length)`, their offsets counted from `from`, and under
 * each row that needs it a line of `^^` with the code of the finding. Lines end in a newline.
 */
export function ruler(
  view: DataView,
  from: number,
  length: number,
  findings: readonly Finding[],
): string {
  const end = Math.min(length, view.byteLength - from);
  let text = "";
  for (let row = 0; row < end; row += ROW) {
    const last = Math.min(end, row + ROW);
    let bytes = "";
    for (let i = row; i < last; i++) {
      bytes += ` ${view
        .getUint8(from + i)
        .toString(16)
        .padStart(2, "0")}`;
    }
    text += `${MARGIN}${String(row).padStart(5)} ${bytes}\n`;
    for (const { code, offset } of findings) {
      if (offset < row || offset >= last) continue;
      text += `${MARGIN}${" ".repeat(7 + 3 * (offset - row))}^^ ${code}\n`;
    }
  }
  return text;
}
