/** The runner: what passes, what fails with line and difference, what is named as unsupported. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { drill } from "./drill.ts";

const CONNECTED = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 fcntl(3, F_SETFL, O_RDWR | O_NONBLOCK) = 0
+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
+0 > S 0:0(0) win 65535 <mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0>
+.1 < S. 0:0(0) ack 1 win 1000 <mss 1460>
+0 > . 1:1(0) ack 1 win 65535
`;

const LISTENING = `0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
`;

/** A script, the line that fails, and words of the message. */
const FAILING: readonly [what: string, script: string, line: number, message: RegExp][] = [
  ["a wrong window", CONNECTED.replace("ack 1 win 65535", "ack 1 win 9"), 6, /win 9, found 65535/],
  ["wrong flags", CONNECTED.replace("> . 1:1", "> F. 1:1"), 6, /flags F\., found \./],
  ["a wrong number", CONNECTED.replace("> . 1:1", "> . 2:2"), 6, /sequence number 2, found 1/],
  ["a wrong option", CONNECTED.replace("wscale 6", "wscale 7"), 4, /wscale 7.*found <.*wscale 6/],
  ["no options", CONNECTED.replace(/ <mss 1460,nop.*>/, ""), 4, /options none, found <mss/],
  ["a packet too late", CONNECTED.replace("+0 > . 1", "+.01 > . 1"), 6, /0\.110000 s.*0\.100000 s/],
  ["a packet that never comes", `${CONNECTED}+0 > P. 1:2(1) ack 1\n`, 7, /found no packet/],
  ["a wrong result", `${CONNECTED}+0 close(3) = -1 EBADF\n`, 7, /-1 EBADF, found 0/],
  ["a wrong error", `${CONNECTED}+0 read(3, ..., 9) = -1 EPIPE\n`, 7, /EPIPE, found -1 EAGAIN/],
  ["a descriptor never opened", "0 close(3) = 0\n", 1, /descriptor 3 is not open/],
  ["a false assertion", `${CONNECTED}+0 %{ assert tcpi_state == 5 }%\n`, 7, /tcpi_state is 4/],
  [
    "a wrong state",
    `${CONNECTED}+0 \`sockstat -s | grep -c CLOSED | grep 1\`\n`,
    7,
    /found 0 \(EST/,
  ],
  ["a call that blocks", `${LISTENING}+0 accept(3, ..., ...) = 4\n`, 4, /it blocks/],
  [
    "numbers that do not add up",
    `${CONNECTED}+0 < . 1:5(3) ack 1 win 9\n`,
    7,
    /add up: expected 1:4/,
  ],
  ["a script of nothing", "// only words\n", 2, /expected an event, found the end of the script/],
  ["a file that is no script", "\u001b[31m\u0007x\n", 1, /found \ufffd\[31m\ufffdx$/],
  ["half a call", "0 socket(..., SOCK_STREAM\n", 2, /syntax/],
  ["poll of nothing", `${LISTENING}+0 poll() = 0\n`, 4, /expected \[\{fd=…\}\]/],
  ["an ioctl of nothing", `${CONNECTED}+0 ioctl(3, SIOCINQ) = 0\n`, 7, /found nothing/],
  ["a packet from before the SYN", "0 < . 1:1(0) ack 1 win 9\n0 > . 1:1(0)\n", 2, /flags/],
];

for (const [what, script, line, message] of FAILING) {
  test(`${what} fails with its line`, () => {
    const verdict = drill(script);
    assert.is(verdict.kind, "failed", verdict.message);
    assert.is(verdict.line, line);
    assert.match(verdict.message, message);
  });
}

const UNSUPPORTED: readonly [construct: string, script: string, line: number][] = [
  ["UDP encapsulation", `${CONNECTED}+0 < . 1:1(0) ack 1 win 9/udp(1 > 9)\n`, 7],
  ["TCP option FO", CONNECTED.replace("sackOK,", "FO,"), 4],
  ["TCP option md5", CONNECTED.replace("sackOK,", "md5 valid,"), 4],
  ["--udp_encapsulation", `--udp_encapsulation=tcp\n${CONNECTED}`, 1],
  ["the system call epoll_ctl", `${CONNECTED}+0 epoll_ctl(3, 1) = 0\n`, 7],
  ["the command iptables", `${CONNECTED}\n0 \`iptables -F\`\n`, 8],
  ["the socket option TCP_MD5SIG", `${CONNECTED}+0 setsockopt(3, 6, TCP_MD5SIG, [1], 4) = 0\n`, 7],
  ["a packet of sctp", "0 < sctp: SHUTDOWN[]\n", 1],
  ["the flag X of SX", CONNECTED.replace("> S 0:0", "> SX 0:0"), 4],
  ["tcpi_pacing in %{ }%", `${CONNECTED}+0 %{ assert tcpi_pacing == 1 }%\n`, 7],
  ["%{ launch() }%", `${CONNECTED}+0 %{ launch() }%\n`, 7],
  ["icmp wormhole", `${CONNECTED}+0 < icmp wormhole [1:1(0)]\n`, 7],
];

for (const [construct, script, line] of UNSUPPORTED) {
  test(`${construct} is named with its line, not passed`, () => {
    const verdict = drill(script);
    assert.is(verdict.kind, "unsupported", verdict.message);
    assert.is(verdict.line, line);
    assert.is(verdict.message, construct);
  });
}

test("strictly, a packet that no line expects fails the script", () => {
  const script = `${CONNECTED}+0 close(3) = 0\n`;
  assert.is(drill(script).kind, "ok");
  assert.match(drill(script, { strict: true }).message, /nothing more, found F\. 1:1\(0\)/);
});

test("a sysctl without meaning here is noted and the script goes on", () => {
  const verdict = drill(`0 \`sysctl -w net.inet.tcp.hostcache.purgenow=1\`\n${CONNECTED}`);
  assert.is(verdict.kind, "ok", verdict.message);
  assert.equal(verdict.notes, ["sysctl net.inet.tcp.hostcache.purgenow=1 has no effect here"]);
});

test("sysctls change the stack", () => {
  const off = CONNECTED.replace("<mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0>", "<mss 1460>");
  const script = `0 \`sysctl -w net.inet.tcp.rfc1323=0 net.inet.tcp.sack.enable=0\`\n${off}`;
  assert.is(drill(script, { strict: true }).kind, "ok", drill(script).message);
});

test("branches for other systems are left out, and lines keep their numbers", () => {
  const script = `#ifdef STANDARD\n0 nonsense\n#else\n${CONNECTED}#endif\n+0 close(9) = 0\n`;
  const verdict = drill(script);
  assert.match(verdict.message, /descriptor 9/);
  assert.is(verdict.line, 11);
});

test("timestamps are compared when the script says how they tick", () => {
  const script = CONNECTED.replace(
    "< S. 0:0(0) ack 1 win 1000 <mss 1460>",
    "< S. 0:0(0) ack 1 win 1000 <mss 1460,sackOK,TS val 1 ecr 100>",
  );
  const late = script.replace("ack 1 win 65535", "ack 1 win 65535 <nop,nop,TS val 300 ecr 1>");
  assert.is(drill(late).kind, "ok", drill(late).message);
  assert.match(drill(`--tcp_ts_tick_usecs=1000\n${late}`).message, /val 300.*found.*val 200/);
});

test("the same script gives the same verdict again", () => {
  const script = FAILING.map(([, each]) => each);
  assert.equal(
    script.map((each) => drill(each)),
    script.map((each) => drill(each)),
  );
});

test.run();
