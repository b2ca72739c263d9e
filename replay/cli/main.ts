#!/usr/bin/env node
import { COMMANDS } from "./commands/index.ts";
import { dispatch } from "./dispatch.ts";
import { processTerminal } from "./terminal.ts";

const run = async (): Promise<void> => {
  process.exitCode = await dispatch(process.argv.slice(2), COMMANDS, processTerminal());
};
run();
