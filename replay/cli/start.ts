#!/usr/bin/env node
/** Begins the program; with `ANYPIN_KEEP_CODE`, as the build does, keeps what of it was compiled. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { CachedProgram } from "./code-cache.ts";

const program = new CachedProgram(dirname(fileURLToPath(import.meta.url)));
if (process.env.ANYPIN_KEEP_CODE) process.once("exit", () => program.keep());
program.require("./program.js");
