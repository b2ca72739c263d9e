/**
 * People with browsers, a few hundred addresses of them: sessions arrive as a Poisson process, each
 * reads some pages with pauses between them, each page is one connection of one or more requests.
 * usage: node clients.mjs SEED SECONDS
 */
import { connect } from "node:net";

const SERVER = { host: "203.0.113.9", port: 80 };
const SESSIONS_PER_SECOND = 12;
/** In order of how often they come; the links of 198.51.100.0/24 lose packets (record.sh). */
const ADDRESSES = Array.from({ length: 508 }, (_, i) =>
  i % 2 === 0 ? `192.0.2.${i / 2 + 1}` : `198.51.100.${(i + 1) / 2}`,
);

const [seed = 1, seconds = 60] = process.argv.slice(2).map(Number);

/** mulberry32: chance in [0, 1), the same for the same seed. */
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const exponential = (mean) => -mean * Math.log(1 - random());
/** Pareto with exponent 1.5: pauses have a heavy tail too. */
const pause = (least, most) => Math.min(most, least / (1 - random()) ** (1 / 1.5));
const sleep = (s) => new Promise((resolve) => setTimeout(resolve, s * 1000));
/** Files are numbered in order of size (record.sh). */
const files = {
  any: () => Math.floor(random() * 1024),
  large: () => 880 + Math.floor(random() * 144),
};

/** What a client does with its connection, and how often. */
const MANNERS = [
  { share: 0.04, name: "slow", pick: files.large },
  { share: 0.03, name: "resets", pick: files.large },
  { share: 0.02, name: "leaves unread", pick: files.large },
  { share: 0.04, name: "half-closes", pick: files.any },
  { share: 0.18, name: "lingers", pick: files.any },
  { share: 0.3, name: "one request", pick: files.any },
  { share: 1, name: "ordinary", pick: files.any },
];
function manner() {
  let u = random();
  for (const one of MANNERS) {
    u -= one.share;
    if (u < 0) return one;
  }
  return MANNERS[MANNERS.length - 1];
}

/** One connection, from its SYN to its end as the manner has it. */
function visit(localAddress, { name, pick }) {
  return new Promise((resolve) => {
    const socket = connect({ ...SERVER, localAddress, allowHalfOpen: name === "half-closes" });
    let requests = name === "ordinary" || name === "lingers" ? 1 + Math.floor(exponential(0.8)) : 1;
    let expected = -1; // body bytes still to come; −1 while the header is
    let header = "";
    const ask = () => {
      requests--;
      expected = -1;
      header = "";
      const close = name === "one request" ? "Connection: close\r\n" : "";
      socket.write(`GET /${pick()} HTTP/1.1\r\nHost: www.example.com\r\n${close}\r\n`);
      if (name === "half-closes") socket.end();
    };
    const answered = async () => {
      if (requests > 0) {
        await sleep(pause(0.05, 3));
        if (!socket.destroyed) ask();
      } else if (name === "ordinary" || name === "slow") socket.end();
      // The others wait for the server to close: at once, or when it tires of keeping alive.
    };
    socket.on("connect", ask);
    socket.on("data", (chunk) => {
      let body = chunk.length;
      if (expected < 0) {
        header += chunk.toString("latin1");
        const end = header.indexOf("\r\n\r\n");
        if (end < 0) return;
        expected = Number(/content-length: (\d+)/i.exec(header)?.[1] ?? 0);
        body = header.length - end - 4;
      }
      expected -= body;
      if (name === "resets" && random() < 0.5) return socket.resetAndDestroy();
      if (name === "leaves unread") {
        socket.pause();
        return setTimeout(() => socket.destroy(), pause(0.2, 4) * 1000);
      }
      if (name === "slow") {
        socket.pause();
        setTimeout(() => socket.resume(), pause(0.3, 12) * 1000);
      }
      if (expected === 0) answered();
    });
    socket.on("end", () => socket.end());
    socket.on("error", () => {});
    socket.on("close", resolve);
  });
}

async function session() {
  const address = ADDRESSES[Math.floor(ADDRESSES.length * random() ** 1.6)];
  for (let pages = 1 + Math.floor(exponential(1.3)); pages > 0; pages--) {
    const done = visit(address, manner());
    if (random() < 0.7) await done;
    await sleep(pause(0.8, 30));
  }
}

const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
while (process.hrtime.bigint() < end) {
  session();
  await sleep(exponential(1 / SESSIONS_PER_SECOND));
}
process.exit(0);
