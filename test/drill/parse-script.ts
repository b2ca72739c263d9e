/** A whole script: options, then events, each a time and an action. */
import { MICROSECOND, SECOND } from "../../stack/clock.ts";
import { Cursor } from "./cursor.ts";
import type { Action, EventTime, Script } from "./model.ts";
import { parseCall } from "./parse-call.ts";
import { parsePacket } from "./parse-packet.ts";
import { preprocess } from "./preprocess.ts";

const OPTION = /--([a-zA-Z0-9_]+)(?:=("[^"\n]*"|`[^`]*`|[^\s]*))?/y;
const SECONDS = /\d+(?:\.\d+)?|\.\d+/y;
const SHELL = /`([^`]*)`/y;
const CODE = /%\{([\s\S]*?)\}%/y;

/** Takes `text` apart. Throws DrillFailure for what is no script, Unsupported for what is unknown. */
export function parseScript(text: string): Script {
  const cursor = new Cursor(preprocess(text));
  const script: Script = { options: [], events: [] };
  while (!cursor.done) {
    const { line } = cursor;
    const option = cursor.match(OPTION);
    if (option) {
      const value = (option[2] ?? "").replace(/^["`]|["`]$/g, "");
      script.options.push({ name: option[1], value, line });
      continue;
    }
    const time = parseTime(cursor);
    cursor.skipBlank();
    script.events.push({ line: cursor.line, time, action: parseAction(cursor) });
  }
  if (script.events.length === 0) cursor.fail("expected an event");
  return script;
}

const nanoseconds = (text: string): number => Math.round(Number(text) * 1e6) * MICROSECOND;

/** `0.5`, `+0.5`, `*`, `0.1~0.2`, `0.1...0.3`; nothing at all: right after the event before. */
function parseTime(cursor: Cursor): EventTime {
  if (cursor.take("*")) return { kind: "any", from: 0, to: null, end: null };
  const relative = cursor.take("+");
  const first = cursor.match(SECONDS);
  if (!first && relative) cursor.fail("expected a time in seconds");
  const time: EventTime = {
    kind: relative || !first ? "relative" : "absolute",
    from: first ? nanoseconds(first[0]) : 0,
    to: null,
    end: null,
  };
  if (!first) return time;
  if (cursor.take("~")) time.to = second(cursor);
  else if (cursor.take("...")) time.end = second(cursor);
  return time;
}

function second(cursor: Cursor): number {
  cursor.take("+");
  const found = cursor.need(SECONDS, "a time in seconds")[0];
  const time = nanoseconds(found);
  if (time > 1e6 * SECOND) cursor.fail("expected a time below 1,000,000 seconds");
  return time;
}

function parseAction(cursor: Cursor): Action {
  if (cursor.sees("<") || cursor.sees(">")) return parsePacket(cursor);
  const shell = cursor.match(SHELL);
  if (shell) return { kind: "shell", command: shell[1].trim() };
  const code = cursor.match(CODE);
  if (code) return { kind: "assert", code: code[1].trim() };
  return parseCall(cursor);
}
