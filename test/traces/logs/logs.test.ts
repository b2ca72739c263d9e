import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatWords } from "../../../stack/wire/address.ts";
import { ConnectionFile, connectionFormat } from "../../../traces/connection-file.ts";
import { byteSource } from "../../support/byte-source.ts";
import { testRandom } from "../../support/random.ts";

interface Row {
  client: string;
  server: string;
  start: number;
  duration: number;
  sent: number;
  received: number;
}

async function read(bytes: Uint8Array, piece?: number) {
  const format = connectionFormat(bytes.subarray(0, 4096));
  if (!format) throw new Error("not recognised");
  const file = new ConnectionFile("x.log", byteSource(bytes, piece), format);
  const rows: Row[] = [];
  for await (const block of file.blocks()) {
    for (let i = 0; i < block.count; i++) {
      const address = (words: Uint32Array) =>
        formatWords(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]);
      rows.push({
        client: address(block.client),
        server: address(block.server),
        start: Number(file.reader.origin) / 1e9 + block.start[i] / 1e9,
        duration: block.duration[i] / 1e9,
        sent: block.clientBytes[i],
        received: block.serverBytes[i],
      });
    }
  }
  return { format: file.format, rows, broken: file.reader.broken, damage: file.damage.entries };
}

const COMMON = [
  '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
  '2001:db8::7 - frank [10/Oct/2000:20:55:37 +0000] "GET /a HTTP/1.0" 304 -',
  'host.example.org - "a b" [10/Oct/2000:13:55:36 -0700] "GET /\\"x\\" HTTP/1.1" 200 5 "http://r/" "Agent/1.0 (x)"',
].join("\n");

test("a common log: zones, dashes, quotes, names and combined fields", async () => {
  const { format, rows, broken } = await read(Buffer.from(`${COMMON}\n`));
  assert.is(format, "common log");
  assert.is(broken?.count, 0);
  assert.equal(
    rows.map(({ client }) => client).map((c) => c.slice(0, 11)),
    ["192.0.2.1", rows[1].client.slice(0, 11), "2001:db8::7"],
  );
  assert.match(rows[1].client, /^fd00:/);
  // 13:55:36 −0700 is 20:55:36 UTC; the two of that second are half a second apart.
  const at = Date.UTC(2000, 9, 10, 20, 55, 36) / 1000;
  assert.equal(
    rows.map(({ start }) => start),
    [at, at + 0.5, at + 1],
  );
  assert.equal(
    rows.map(({ received }) => received),
    [2326, 5, 0],
  );
  assert.is(rows[0].sent, "GET /apache_pb.gif HTTP/1.0".length + 310);
  assert.ok(rows.every(({ duration }) => duration > 0));
});

test("broken lines are counted, the first is shown, and the others are read", async () => {
  const lines = COMMON.split("\n");
  const text = [lines[0], "what is this", "", lines[1].replace("Oct", "Okt"), lines[2]].join(
    "\r\n",
  );
  const { rows, broken, damage } = await read(Buffer.from(text));
  assert.is(rows.length, 2);
  assert.is(broken?.count, 2);
  assert.equal([broken?.first?.packet, broken?.first?.found], [2, '"what is this"']);
  assert.equal(damage, []);
});

test("dates before 1970 and after 2038, and a log out of order", async () => {
  const line = (date: string) => `192.0.2.1 - - [${date} +0000] "GET / HTTP/1.0" 200 1\n`;
  const dates = ["01/Jan/1970:00:00:10", "31/Dec/1969:23:59:50", "01/Jan/2040:00:00:00"];
  const { rows } = await read(Buffer.from(dates.map(line).join("")));
  assert.equal(
    rows.map(({ start }) => start),
    [-10, 10, Date.UTC(2040, 0) / 1000],
  );
});

test("byte order marks and UTF-16 are taken in stride", async () => {
  const text = `${COMMON}\n`;
  const plain = (await read(Buffer.from(text))).rows;
  assert.equal((await read(Buffer.from(`\ufeff${text}`))).rows, plain);
  const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  assert.equal((await read(wide)).rows, plain);
});

test("a W3C log: fields by name, IIS milliseconds and the draft's seconds", async () => {
  const text = [
    "#Software: Microsoft Internet Information Services 6.0",
    "#Fields: date time s-ip cs-method cs-uri-stem s-port c-ip sc-status sc-bytes cs-bytes time-taken",
    "2002-05-02 17:42:15 203.0.113.4 GET /a.htm 8080 192.0.2.9 200 4000 321 1500",
    "#Fields: time c-ip sc-bytes time-taken",
    "#Date: 2002-05-02 00:00:00",
    "17:42:16 192.0.2.9 77 0.25",
    "17:42:17 192.0.2.9",
  ].join("\n");
  const { format, rows, broken } = await read(Buffer.from(text));
  assert.is(format, "W3C extended log");
  const at = Date.UTC(2002, 4, 2, 17, 42, 15) / 1000;
  assert.equal(rows[0], {
    client: "192.0.2.9",
    server: "203.0.113.4",
    start: at,
    duration: 1.5,
    sent: 321,
    received: 4000,
  });
  assert.equal([rows[1].start, rows[1].duration, rows[1].received], [at + 1, 0.25, 77]);
  assert.is(broken?.count, 1);
});

/** World Cup records: time, client, size, server. */
function worldCup(...records: [number, number, number, number][]): Buffer {
  const bytes = Buffer.alloc(20 * records.length);
  records.forEach(([time, client, size, server], i) => {
    bytes.writeUInt32BE(time, 20 * i);
    bytes.writeUInt32BE(client, 20 * i + 4);
    bytes.writeUInt32BE(size, 20 * i + 12);
    bytes.set([0, 2, 1, server], 20 * i + 16);
  });
  return bytes;
}

test("World Cup records keep the server that answered; a cut or wild record is damage", async () => {
  const bytes = worldCup(
    [893971817, 5, 900, 0x42],
    [893971817, 6, 0xffffffff, 3],
    [893971818, 5, 7, 0x42],
  );
  const { format, rows, damage } = await read(bytes, 33);
  assert.is(format, "World Cup 98 log");
  assert.equal(damage, []);
  assert.equal(
    rows.map(({ server }) => server),
    ["198.51.100.66", "198.51.100.3", "198.51.100.66"],
  );
  assert.equal(
    rows.map(({ received }) => received),
    [900, 0, 7],
  );
  const many = worldCup(
    ...Array.from({ length: 300 }, (_, i): [number, number, number, number] => [
      893971817 + i,
      i,
      i,
      1,
    ]),
  );
  many.writeUInt32BE(5, 20 * 250);
  const broken = await read(many.subarray(0, many.length - 7));
  assert.is(broken.rows.length, 298);
  assert.equal(
    broken.damage.map(({ packet, skipped }) => [packet, skipped]),
    [
      [251, 20],
      [300, null],
    ],
  );
});

test("300 mutated logs: no crash, and whole lines before the damage are read", async () => {
  const random = testRandom(4);
  const good = Buffer.from(`${COMMON}\n`.repeat(20));
  for (let run = 0; run < 300; run++) {
    const bytes = Buffer.from(good);
    const first = COMMON.length + 1 + random.below(bytes.length - COMMON.length - 1);
    for (let n = random.below(5); n >= 0; n--) {
      bytes[first + random.below(bytes.length - first)] = random.below(256);
    }
    const { rows } = await read(
      random.below(2) ? bytes : bytes.subarray(0, first),
      1 + random.below(999),
    );
    assert.ok(rows.length >= 3, `run ${run}`);
  }
});

test.run();
