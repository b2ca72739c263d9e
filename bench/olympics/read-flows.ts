/** Reads every block of a flow trace and prints the seconds it took. */
import { ConnectionFile, connectionFormat } from "../../traces/connection-file.ts";
import { openSource } from "../../traces/sources/open-source.ts";
import { PeekedSource } from "../../traces/sources/source.ts";

const [path] = process.argv.slice(2);
const began = process.hrtime.bigint();
const { head, source } = await PeekedSource.peek(await openSource(path), 4096);
const format = connectionFormat(head);
if (!format) throw new Error(`${path} is no file of connections`);
let connections = 0;
for await (const rows of new ConnectionFile(path, source, format).blocks())
  connections += rows.count;
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
console.log(JSON.stringify({ seconds, connections }));
