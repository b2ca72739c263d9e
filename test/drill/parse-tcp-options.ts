/** TCP options as scripts write them: `<mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0>`. */
import { type Cursor, shortNumber, wholeNumber } from "./cursor.ts";
import { type TcpOption, Unsupported } from "./model.ts";

const NAME = /[a-zA-Z][a-zA-Z0-9_-]*/y;

/** Reads from behind `<` to behind `>`; null for `<...>`. */
export function parseTcpOptions(cursor: Cursor): TcpOption[] | null {
  if (cursor.take("...")) {
    cursor.expect(">");
    return null;
  }
  const options: TcpOption[] = [];
  while (!cursor.take(">")) {
    if (options.length > 0) cursor.expect(",");
    options.push(option(cursor));
  }
  return options;
}

const LENGTHS: Readonly<Record<TcpOption["name"], number>> = {
  nop: 1,
  eol: 1,
  mss: 4,
  wscale: 3,
  sackOK: 2,
  sack: 2,
  TS: 10,
  unknown: 0,
};

/** Bytes that options take. */
export const optionLength = (options: readonly TcpOption[]): number =>
  options.reduce((sum, { name, blocks }) => sum + LENGTHS[name] + 8 * (blocks?.length ?? 0), 0);

function option(cursor: Cursor): TcpOption {
  const { line } = cursor;
  const [name] = cursor.need(NAME, "a TCP option");
  if (name === "nop" || name === "eol" || name === "sackOK") return { name };
  if (name === "mss") return { name, value: shortNumber(cursor, "an MSS") };
  if (name === "wscale") return { name, value: shortNumber(cursor, "a shift") };
  if (name === "sack") return { name, blocks: blocks(cursor) };
  if (name === "TS") return timestamp(cursor);
  throw new Unsupported(`TCP option ${name}`, line);
}

function blocks(cursor: Cursor): [number, number][] {
  const found: [number, number][] = [];
  for (
    let edge = cursor.match(/(\d+)\s*:\s*(\d+)/y);
    edge;
    edge = cursor.match(/(\d+)\s*:\s*(\d+)/y)
  ) {
    found.push([Number(edge[1]), Number(edge[2])]);
  }
  return found;
}

function timestamp(cursor: Cursor): TcpOption {
  const made: TcpOption = { name: "TS" };
  cursor.expect("val");
  if (cursor.take("...")) made.anyValue = true;
  else made.value = wholeNumber(cursor, "a timestamp");
  cursor.take("!");
  cursor.expect("ecr");
  if (cursor.take("...")) made.anyEcr = true;
  else made.ecr = wholeNumber(cursor, "a timestamp");
  if (cursor.take("!")) made.absoluteEcr = true;
  return made;
}
