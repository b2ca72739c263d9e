/** curl, as users have it, fetches pages from an HTTP server on our sockets. */
import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { testRandom } from "../../support/random.ts";
import { HttpServer } from "./http-server.ts";
import type { Stage } from "./scene.ts";

const PAGE = Buffer.from(
  "<!doctype html>\n<title>anypin</title>\n<p>Served by a stack in userspace.\n",
);
const LARGE = testRandom(1).bytes(2_000_000);

/** Runs curl in Linux's namespace; what it wrote to stdout. Throws when it fails. */
async function curl({ lab }: Stage, ...args: string[]): Promise<Buffer> {
  const all = ["netns", "exec", lab.namespaces.nameOf("linux"), "curl", "-sS", "-m", "20", ...args];
  const child = spawn("ip", all, { stdio: ["ignore", "pipe", "pipe"] });
  const parts: Buffer[] = [];
  let said = "";
  child.stdout.on("data", (data: Buffer) => parts.push(data));
  child.stderr.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const [status] = await once(child, "close");
  assert.equal(status, 0, `curl: ${said}`);
  return Buffer.concat(parts);
}

export async function curlFetchesPages(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const anycast = "203.0.113.9";
  const pins = { pinTx: true, pinRx: true };
  const host = lab.add({ name: "web", number: 31, seed, anycast, stack: pins });
  lab.routeTo(anycast);
  lab.attach(anycast, host);
  const server = new HttpServer(
    host,
    80,
    new Map<string, Uint8Array>([
      ["/", PAGE],
      ["/large", LARGE],
    ]),
  );
  const url = `http://${host.address}`;
  assert.deepEqual(await curl(stage, `${url}/`), PAGE);
  assert.ok((await curl(stage, `${url}/large`)).equals(LARGE));
  assert.deepEqual(await curl(stage, "-g", `http://[${host.address6}]/`), PAGE);
  const status = await curl(stage, "-o", "/dev/null", "-w", "%{http_code}", `${url}/none`);
  assert.equal(status.toString(), "404");
  // One connection for all three.
  const before = server.connections;
  const three = await curl(stage, `${url}/`, `${url}/large`, `${url}/`);
  assert.ok(three.equals(Buffer.concat([PAGE, LARGE, PAGE])));
  assert.equal(server.connections, before + 1);
  // From the anycast address: where Linux accepts the route that pins.
  for (const device of ["all", "lx0"]) {
    lab.namespaces.sysctl("linux", `net.ipv4.conf.${device}.accept_source_route=1`);
  }
  assert.ok((await curl(stage, `http://${anycast}/large`)).equals(LARGE));
  const packets = await stage.seen();
  assert.ok(
    packets.every(({ what }) => !what.includes("R")),
    "no resets",
  );
}
