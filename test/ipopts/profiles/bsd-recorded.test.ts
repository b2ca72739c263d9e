/** Profiles `bsd44` and `freebsd` against the option functions of the real systems. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { dottedQuad } from "../../../ipopts/address.ts";
import { bsd44 } from "../../../ipopts/profiles/bsd44.ts";
import { freebsd } from "../../../ipopts/profiles/freebsd.ts";
import type { Profile } from "../../../ipopts/profiles/table.ts";
import type { Verdict } from "../../../ipopts/profiles/verdict.ts";
import type { World } from "../../../ipopts/profiles/world.ts";
import { ipPacket, judged } from "../../support/judged.ts";
import { toHex } from "../../support/options.ts";
import { haveShared, sharedPath } from "../../support/project.ts";
import { worldW } from "../../support/worlds.ts";

const FILE = "kernel/bsd-options.txt";

/** The recordings are of `ip_dooptions` alone: what follows it is for a whole `ip_input`. */
const RECORD =
  /rc=(\d) (FORWARD|CONTINUE|DROP|ICMP (\d+)\/(\d+)(?: ptr=(\d+))?) dst=(\S+) opts\[([0-9a-f ]*)\](?: saved nhops=\d+ srcroute=([0-9a-f ]+))?/;

/** How the verdict differs from one recorded line, or null. */
function difference(line: string, verdict: Verdict, world: World): string | null {
  const match = RECORD.exec(line);
  assert.ok(match, line);
  const [, , what, type, code, pointer, dst, opts, saved = ""] = match;
  const bytes = opts.replaceAll(" ", "");
  const own = ["198.51.100.7", "198.51.101.7", "203.0.113.9"].includes(dst);
  let want: string;
  if (what === "DROP") want = "drop";
  else if (type !== undefined) {
    // The harness prints a parameter problem's code as its pointer, and others without one.
    want = `icmp ${type}/${code} ${pointer ?? -1}`;
  } else if (what === "CONTINUE" && own) {
    want = `accept ${dst} ${bytes} ${saved.replaceAll(" ", "")}`;
  } else if (what === "CONTINUE" && !world.forwarding) want = "drop";
  else want = `forward ${dst} ${bytes}`;
  const got = {
    drop: () => "drop",
    icmp: () => `icmp ${verdict.type}/${verdict.code} ${verdict.pointer}`,
    accept: () =>
      `accept ${dottedQuad(verdict.destination)} ${verdict.optionsHex()} ${toHex(verdict.reply.subarray(0, verdict.replyLength))}`,
    forward: () =>
      `forward ${dottedQuad(verdict.headerView.getUint32(16))} ${verdict.optionsHex()}`,
  }[verdict.action]();
  return want === got ? null : `${line}\n  want ${want}\n  got  ${got} (${verdict.reason})`;
}

if (haveShared(FILE, "profiles bsd44 and freebsd against recorded packets")) {
  const lines = readFileSync(sharedPath(FILE), "utf8").split("\n");
  const run = (prefix: string, profile: Profile): number => {
    const wrong: string[] = [];
    let cases = 0;
    let packet: Uint8Array = new Uint8Array();
    const world = worldW();
    for (const line of lines) {
      const given = /^\*.*? ((?:[0-9a-f]{2} )+)dst (\S+)$/.exec(line);
      if (given) packet = ipPacket({ options: given[1], destination: given[2] });
      if (!line.startsWith(`   ${prefix}`)) continue;
      cases++;
      const wrongly = difference(line, judged(profile, world, packet), world);
      if (wrongly) wrong.push(`${toHex(packet)} ${wrongly}`);
    }
    assert.equal(wrong, []);
    return cases;
  };

  test("profile bsd44 does what 4.4BSD-Lite2 did with every packet", () => {
    assert.is(run("4.4BSD:", bsd44), 50);
  });

  test("profile freebsd does what FreeBSD 13 did with every packet", () => {
    assert.is(run("FBSD13 ", freebsd), 50);
  });

  test("profile freebsd heeds the settings FreeBSD 13 has for source routes", () => {
    const packets: Record<string, [options: string, destination: string]> = {
      "completed [R1] to A": ["01830708c6336432", "203.0.113.9"],
      "[>>G] to U": ["01830704c6336532", "198.51.100.7"],
      "[>>A] to U both own": ["01830704cb007109", "198.51.100.7"],
      "transit LSRR": ["01830704c6336532", "192.0.3.5"],
    };
    const knobs = /process_options=(\d) sourceroute=(\d) accept=(\d) fwd=(\d) \| (.*) -> /;
    const wrong: string[] = [];
    let cases = 0;
    for (const line of lines) {
      const match = knobs.exec(line);
      if (!match) continue;
      cases++;
      const [, processOptions, sourceroute, accept, fwd, name] = match;
      const world = worldW({
        processOptions: Number(processOptions),
        forwardSourceRoute: sourceroute === "1",
        acceptSourceRoute: accept === "1",
        forwarding: fwd === "1",
      });
      const [options, destination] = packets[name];
      const verdict = judged(freebsd, world, ipPacket({ options, destination }));
      const wrongly = difference(line, verdict, world);
      if (wrongly) wrong.push(wrongly);
    }
    assert.equal(wrong, []);
    assert.is(cases, 28);
  });
}

test.run();
