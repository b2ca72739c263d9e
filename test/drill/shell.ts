/** `commands` of a script. Nothing is run: the few that suites use are carried out on the stack. */
import { CLOSED, STATE_NAMES } from "../../stack/tcp/state.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import { STATE_BY_NAME } from "./constants.ts";
import type { Machine } from "./machine.ts";
import { DrillFailure, Unsupported } from "./model.ts";
import { setSysctl } from "./sysctls.ts";
import { endConnection } from "./tcp-control.ts";

/** Commands that prepare a kernel or an interface, and have nothing to prepare here. */
const WITHOUT_EFFECT =
  /^(kldload|kldunload|kldstat|sync|true|:|echo|sleep 0|tc qdisc|ip tcp_metrics)\b/;

/** Carries out one line between backticks. */
export function runShell(machine: Machine, text: string, line: number): void {
  for (const part of text.split(/;|&&|\|\||\n/)) {
    const command = part.replace(/>\s*\/dev\/null(\s+2>&1)?/g, "").trim();
    if (command !== "") run(machine, command, line);
  }
}

function run(machine: Machine, command: string, line: number): void {
  const [program, ...words] = command.split(/\s+/);
  if (program === "sysctl") {
    for (const word of words) {
      const [name, value] = word.replace(/["']/g, "").split("=");
      if (value !== undefined) setSysctl(machine, name.replaceAll("/", "."), value);
      else if (!word.startsWith("-")) machine.notes.push(`sysctl ${word} is only read`);
    }
  } else if (program === "sockstat" || program === "netstat") countSockets(machine, command, line);
  else if (program === "tcpdrop" && words[0] === "-s") dropState(machine, words[1] ?? "", line);
  else if (WITHOUT_EFFECT.test(command)) machine.notes.push(`${command} has no effect here`);
  else throw new Unsupported(`the command ${program}`, line);
}

/** `sockstat … | grep -c STATE | grep N`: N connections are in STATE. */
function countSockets(machine: Machine, command: string, line: number): void {
  const found = /grep\s+-c\s+(\w+)\s*\|\s*grep\s+(\d+)$/.exec(command);
  const state = found ? STATE_BY_NAME[found[1]] : undefined;
  if (!found || state === undefined) throw new Unsupported(`the command ${command}`, line);
  const expected = Number(found[2]);
  const held = endpoints(machine);
  const count = held.filter((each) => each.state === state).length;
  if (count === expected) return;
  const states = held.map((each) => STATE_NAMES[each.state]).join(", ") || "none";
  throw new DrillFailure(line, `${expected} in ${found[1]}, found ${count} (${states})`);
}

/** Every control block: in the tables, and closed ones that a descriptor still holds. */
function endpoints(machine: Machine): Tcb[] {
  const all = new Set<Tcb>();
  machine.tcp.table.forEach((tcb) => {
    all.add(tcb);
  });
  for (const { socket, datagram } of machine.descriptors.values()) {
    if (!datagram && socket.pcb) all.add(socket.pcb as Tcb);
  }
  return [...all];
}

function dropState(machine: Machine, name: string, line: number): void {
  const state = STATE_BY_NAME[name];
  if (state === undefined) throw new Unsupported(`tcpdrop -s ${name}`, line);
  for (const tcb of endpoints(machine)) {
    if (tcb.state === state && state !== CLOSED) endConnection(machine, tcb);
  }
}
