import { COMMANDS } from "./commands/index.ts";
import { dispatch } from "./dispatch.ts";
import { processTerminal } from "./terminal.ts";

const run = async (): Promise<void> => {
  const { stdout, stderr } = process;
  process.exitCode = await dispatch(process.argv.slice(2), COMMANDS, processTerminal());
  // What V8 still compiles in other threads would be waited for; what is still to be written is.
  if (stdout.writableLength + stderr.writableLength === 0) process.exit();
};
run();
