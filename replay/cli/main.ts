#!/usr/bin/env node
import { COMMANDS } from "./commands/index.ts";
import { dispatch } from "./dispatch.ts";
import { processTerminal } from "./terminal.ts";

const run = async (): Promise<never> =>
  // All that was to be written is; what V8 still compiles in other threads would be waited for.
  process.exit(await dispatch(process.argv.slice(2), COMMANDS, processTerminal()));
run();
