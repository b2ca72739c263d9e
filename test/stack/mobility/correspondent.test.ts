/** A correspondent node against the messages of the specification, section 1.6: cases 87 to 93. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSequenceNewer } from "../../../stack/mobility/binding-cache.ts";
import { Correspondent, type Outcome } from "../../../stack/mobility/correspondent.ts";
import {
  authenticator,
  bindingKey,
  keygenToken,
  TOKEN_CARE_OF,
  TOKEN_HOME,
} from "../../../stack/mobility/keys.ts";
import {
  buildMessage,
  isIntact,
  type MobilityPacket,
  readMessage,
  sealMessage,
} from "../../../stack/mobility/message.ts";
import * as spec from "../../support/ipv6-packet.ts";

const { hexBytes, toHex } = spec;
const A6 = hexBytes(spec.A6);
const U6 = hexBytes(spec.U6);
const C6 = hexBytes(spec.C6);
const KCN = Uint8Array.from({ length: 20 }, (_, i) => i);
const HOME_NONCE = new Uint8Array(8).fill(0x11);
const CARE_OF_NONCE = new Uint8Array(8).fill(0x22);

const M1 = "3b010100d53e0000a1a2a3a4a5a6a7a8";
const M2 = "3b010200930a0000b1b2b3b4b5b6b7b8";
const M3 = "3b02030007540005a1a2a3a4a5a6a7a8d9c0a58f29f62296";
const M4 = "3b0204009ae50006b1b2b3b4b5b6b7b8a70308d6c9357d06";
const M5 = "3b0305004efa000180000069040400050006050c3b9ad993a4709af68885ae28";
const M6 = "3b0306004f95000000010069010400000000050ce2a905304f7fb0251b290a0c";
const M7 = "3b020700320c010020010db8000a00000000000000000009";

let clock = 0;
const correspondent = (): Correspondent =>
  new Correspondent({
    nodeKey: KCN,
    nonces: {
      home: 5,
      careOf: 6,
      at: (index) => (index === 5 ? HOME_NONCE : index === 6 ? CARE_OF_NONCE : null),
    },
    now: () => clock,
  });

const packet = (
  message: string | Uint8Array,
  source: Uint8Array,
  home: Uint8Array | null = null,
): MobilityPacket => ({
  source,
  destination: C6,
  home,
  routedTo: null,
  message: typeof message === "string" ? hexBytes(message) : message,
});

const sent = (outcome: Outcome): MobilityPacket => {
  if (outcome.kind !== "send") throw new Error(`nothing was sent: ${JSON.stringify(outcome)}`);
  return outcome.packet;
};

/** A binding update with right keys and checksum, from U6 for A6. */
function update(sequence: number, lifetime = 105, nonces = { home: 5, careOf: 6 }): Uint8Array {
  const message = buildMessage(5, { sequence, flags: 0x8000, lifetime }, [
    { type: 4, fields: nonces },
    { type: 5, fields: { authenticator: new Uint8Array(12) } },
  ]);
  assert.ok(message);
  const home = keygenToken(KCN, A6, HOME_NONCE, TOKEN_HOME);
  const careOf = lifetime === 0 ? null : keygenToken(KCN, U6, CARE_OF_NONCE, TOKEN_CARE_OF);
  message.set(authenticator(bindingKey(home, careOf), U6, C6, message), message.length - 12);
  sealMessage(message, A6, C6);
  return message;
}

const statusOf = (outcome: Outcome): unknown => readMessage(sent(outcome).message).fields.status;

test("tokens and keys are those of the specification", () => {
  const home = keygenToken(KCN, A6, HOME_NONCE, TOKEN_HOME);
  const careOf = keygenToken(KCN, U6, CARE_OF_NONCE, TOKEN_CARE_OF);
  assert.is(toHex(home), "d9c0a58f29f62296");
  assert.is(toHex(careOf), "a70308d6c9357d06");
  assert.is(toHex(bindingKey(home, careOf)), "345d0d5e069f07c3f128bc3d179e3b53db3945cb");
  assert.is(toHex(bindingKey(home, null)), "72a694606f466d522495e0ff65032c6cca04c893");
});

test("case 87: test inits are answered with the cookies and tokens of M3 and M4", () => {
  const node = correspondent();
  const home = sent(node.input(packet(M1, A6)));
  assert.is(toHex(home.message), M3);
  assert.equal(home.destination, A6);
  const careOf = sent(node.input(packet(M2, U6)));
  assert.is(toHex(careOf.message), M4);
  assert.equal(careOf.destination, U6);
});

test("case 88: an update binds and is acknowledged as M6; old sequence numbers are refused", () => {
  const node = correspondent();
  const reply = sent(node.input(packet(M5, U6, A6)));
  assert.is(toHex(reply.message), M6);
  assert.equal(reply.routedTo, A6);
  assert.ok(node.bindings.vouches(A6, U6, clock));
  const replay = sent(node.input(packet(M5, U6, A6)));
  assert.equal(readMessage(replay.message).fields, {
    status: 135,
    flags: 0,
    sequence: 1,
    lifetime: 0,
  });
  assert.is(statusOf(node.input(packet(update(32769), U6, A6))), 135);
  assert.is(statusOf(node.input(packet(update(32768), U6, A6))), 0);
  assert.equal([isSequenceNewer(0, 65535), isSequenceNewer(65535, 0)], [true, false]);
});

test("case 89: a flipped authenticator bit, or padding behind it, is passed over in silence", () => {
  for (const bit of [0, 1, 47, 95]) {
    const message = update(1);
    message[message.length - 12 + (bit >> 3)] ^= 1 << (bit & 7);
    sealMessage(message, A6, C6);
    assert.is(correspondent().input(packet(message, U6, A6)).kind, "silent");
  }
  const whole = update(1);
  const padded = new Uint8Array(40);
  padded.set(whole);
  padded.set([1, 6], 32);
  padded[1] = 4;
  sealMessage(padded, A6, C6);
  assert.is(correspondent().input(packet(padded, U6, A6)).kind, "silent");
});

test("case 90: expired nonces are told apart, without an authorization option", () => {
  const rows: [{ home: number; careOf: number }, number][] = [
    [{ home: 9, careOf: 6 }, 136],
    [{ home: 5, careOf: 9 }, 137],
    [{ home: 9, careOf: 9 }, 138],
  ];
  for (const [nonces, status] of rows) {
    const { message } = sent(correspondent().input(packet(update(1, 105, nonces), U6, A6)));
    assert.is(readMessage(message).fields.status, status);
    assert.is(message[1], 1);
    assert.not(readMessage(message).options.some(({ type }) => type === 5));
  }
});

test("case 91: a home address without a binding and an unknown message draw binding errors", () => {
  const node = correspondent();
  const refused = sent(node.homeAddress(packet("", U6, A6), 6));
  assert.is(toHex(refused.message), M7);
  assert.equal(refused.destination, U6);
  for (const next of [50, 51, 135]) {
    assert.is(node.homeAddress(packet("", U6, A6), next).kind, "deliver");
  }
  const init = hexBytes(M1);
  sealMessage(init, A6, C6);
  assert.is(node.input(packet(init, U6, A6)).kind, "silent");
  const unknown = hexBytes("3b00630000000000");
  sealMessage(unknown, U6, C6);
  assert.is(statusOf(node.input(packet(unknown, U6))), 2);
  node.input(packet(M5, U6, A6));
  assert.is(node.homeAddress(packet("", U6, A6), 6).kind, "deliver");
});

test("case 92: a lifetime of zero deletes the binding, a long one is cut to 420 seconds", () => {
  const node = correspondent();
  const { message } = sent(node.input(packet(update(1, 1000), U6, A6)));
  assert.is(readMessage(message).fields.lifetime, 105);
  clock = 419;
  assert.ok(node.bindings.vouches(A6, U6, clock));
  clock = 420;
  assert.not(node.bindings.vouches(A6, U6, clock));
  clock = 0;
  const again = correspondent();
  again.input(packet(M5, U6, A6));
  assert.is(statusOf(again.input(packet(update(2, 0), U6, A6))), 0);
  assert.is(again.bindings.size, 0);
});

/**
 * The members of an anycast group run the procedure for one home address. A HoT goes wherever
 * routing takes A6: only the member it reaches learns the home token.
 */
function procedure(homeTestReaches: "this member" | "another member"): Outcome {
  const node = correspondent();
  const homeTest = sent(node.input(packet(M1, A6)));
  const careOfTest = sent(node.input(packet(M2, U6)));
  const { token } = readMessage(homeTest.message).fields;
  const heard = homeTestReaches === "this member" ? token : new Uint8Array(8);
  const { token: careOf } = readMessage(careOfTest.message).fields;
  assert.ok(heard instanceof Uint8Array && careOf instanceof Uint8Array);
  const message = update(1);
  message.set(authenticator(bindingKey(heard, careOf), U6, C6, message), message.length - 12);
  sealMessage(message, A6, C6);
  return node.input(packet(message, U6, A6));
}

test("case 93: an anycast home address binds only where one contact node hears the home test", () => {
  assert.is(procedure("another member").kind, "silent");
  assert.is(statusOf(procedure("this member")), 0);
});

test("a message is judged in the order of RFC 6275: checksum, type, next header, length", () => {
  const node = correspondent();
  const broken = hexBytes(M1);
  broken[4] ^= 1;
  assert.is(node.input(packet(broken, A6)).kind, "silent");
  const carrying = hexBytes("0600000000000000");
  sealMessage(carrying, A6, C6);
  assert.equal(node.input(packet(carrying, A6)), { kind: "problem", offset: 0 });
  const short = hexBytes("3b00010000000000");
  sealMessage(short, A6, C6);
  assert.equal(node.input(packet(short, A6)), { kind: "problem", offset: 1 });
  for (const length of [0, 7, 9]) {
    assert.is(node.input(packet(new Uint8Array(length), A6)).kind, "silent");
  }
});

test("every message of the specification has a right checksum", () => {
  for (const [message, source] of [
    [M1, A6],
    [M2, U6],
  ] as const) {
    assert.ok(isIntact(packet(message, source)));
  }
  assert.ok(isIntact(packet(M5, U6, A6)));
  assert.ok(isIntact({ ...packet(M6, C6), destination: U6, routedTo: A6 }));
  assert.ok(isIntact({ ...packet(M7, C6), destination: U6 }));
});

test.run();
