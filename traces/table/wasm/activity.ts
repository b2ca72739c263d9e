/**
 * Where JavaScript has laid out an `Activity` (activity-columns.ts), which knows the order of the
 * fields, too.
 */
import { ConnectionColumns } from "./columns.ts";
import { List } from "./list.ts";

/** Connections that are told of, and their slots. */
@unmanaged
export class Columns extends ConnectionColumns {
  count: i32;
  slot: usize;
}

@unmanaged
export class Activity {
  opened: Columns;
  closed: Columns;
  /** Of `Move`s. */
  moved: List;
  slot: usize;
  payload: usize;
  fromServer: usize;
}
