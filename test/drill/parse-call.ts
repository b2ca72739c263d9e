/** System calls: `name(arguments) = result ERRNO (note)`. */
import { type Cursor, wholeNumber } from "./cursor.ts";
import type { CallAction, Value } from "./model.ts";

const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const TEXT = /"((?:[^"\\]|\\.)*)"/y;
const ERRNO = /E[A-Z0-9]+\b/y;
const NOTE = /\([^)]*\)/y;

export function parseCall(cursor: Cursor): CallAction {
  const name = cursor.need(NAME, "a packet, a system call, a `command` or %{ code }%")[0];
  cursor.expect("(");
  const args = list(cursor, ")");
  cursor.expect("=");
  const result: Value = cursor.take("?") ? { kind: "any" } : value(cursor);
  const written = cursor.match(ERRNO)?.[0] ?? null;
  const errno = written === "EWOULDBLOCK" ? "EAGAIN" : written;
  cursor.match(NOTE);
  return { kind: "call", name, args, result, errno };
}

/** Values up to `close`, which is passed. */
function list(cursor: Cursor, close: string): Value[] {
  const items: Value[] = [];
  while (!cursor.take(close)) {
    if (items.length > 0) cursor.expect(",");
    items.push(value(cursor));
  }
  return items;
}

function value(cursor: Cursor): Value {
  const first = single(cursor);
  if (!cursor.take("|")) return first;
  const parts = [first];
  do parts.push(single(cursor));
  while (cursor.take("|"));
  return { kind: "or", parts };
}

function single(cursor: Cursor): Value {
  if (cursor.take("...")) return { kind: "any" };
  if (cursor.take("[")) return { kind: "list", items: list(cursor, "]") };
  if (cursor.take("{")) return struct(cursor);
  const text = cursor.match(TEXT);
  if (text) return { kind: "text", text: text[1] };
  if (cursor.match(/(?=-?\d)/y)) return { kind: "number", value: wholeNumber(cursor) };
  const name = cursor.need(NAME, "a value")[0];
  if (cursor.take("(")) return { kind: "call", name, args: list(cursor, ")") };
  return { kind: "name", name };
}

/** `{name=value, name(note)=value, …}`; a first field without a name is the structure's own. */
function struct(cursor: Cursor): Value {
  const fields = new Map<string, Value>();
  while (!cursor.take("}")) {
    if (fields.size > 0) cursor.expect(",");
    const before = cursor.at;
    const name = cursor.match(NAME);
    if (name && cursor.take("=")) {
      fields.set(name[0], value(cursor));
      continue;
    }
    // `msg_name(...)=...`: the note in parentheses says what type the field has.
    if (name && cursor.match(NOTE) && cursor.take("=")) {
      fields.set(name[0], value(cursor));
      continue;
    }
    cursor.at = before;
    fields.set(String(fields.size), value(cursor));
  }
  return { kind: "struct", fields };
}
