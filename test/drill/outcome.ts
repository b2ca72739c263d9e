/** A call of a script, and what it comes to. */
import type { ErrorCode } from "../../stack/errors.ts";
import type { Result } from "../../stack/socket.ts";
import type { CallAction } from "./model.ts";
import type { Session } from "./session.ts";

/** What a call came to: a number, or −1 and an error; what else differs from the script. */
export interface Outcome {
  value: number;
  errno: ErrorCode | null;
  differences: string[];
}

export type Attempt = () => Outcome | null;

export interface Call {
  session: Session;
  action: CallAction;
  line: number;
}

export const done = (value: number, differences: string[] = []): Outcome => ({
  value,
  errno: null,
  differences,
});
export const outcome = (result: Result): Outcome =>
  typeof result === "number" ? done(result) : { value: -1, errno: result, differences: [] };
