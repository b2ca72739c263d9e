/** A walk for a reader at a terminal: each packet between the two ends, bytes beside meaning. */
import type { RoutePicture, TcpLayer, Walk, WalkField, WalkStep } from "../walk/steps.ts";

const HEX_COLUMN = 24;
const FIGURES = { single: "Figure 1", multihomed: "Figure 2" } as const;

/** The whole walk, lines of at most 100 columns, ending in a newline. */
export function walkText(walk: Walk): string {
  const { choice, names, steps, between } = walk;
  const passes = choice.twoPass ? ", two passes" : "";
  const lines = [
    `${FIGURES[choice.topology]}: ${choice.pin} path, client ${choice.client}${passes}`,
    Object.entries(names)
      .map(([address, name]) => `${name} = ${address}`)
      .join("   "),
  ];
  steps.forEach((step, i) => {
    for (const other of between.filter(({ after }) => after === i)) {
      lines.push("", `   (${other.step.label}, ${heading(other.step, names)})`);
    }
    lines.push("", ...stepLines(step, i + 1, names));
  });
  for (const other of between.filter(({ after }) => after === steps.length)) {
    lines.push("", `   (${other.step.label}, ${heading(other.step, names)})`);
  }
  lines.push("", walk.verdict);
  return `${lines.join("\n")}\n`;
}

type Names = Walk["names"];

const heading = (step: WalkStep, names: Names): string =>
  `${names[step.from] ?? step.from} → ${names[step.to] ?? step.to}, ${step.wire.length / 2} bytes`;

function stepLines(step: WalkStep, number: number, names: Names): string[] {
  const { sending, receiving, sender } = step;
  const receiver = sender === "client" ? "server" : "client";
  const layer = (host: string, name: string, text: string) =>
    `   ${host.padEnd(7)} ${name.padEnd(4)} ${text}`;
  return [
    `${number}  ${step.label}, ${heading(step, names)}`,
    layer(sender, "TCP", tcpText(sending.tcp, names)),
    ...sending.ip.notes.map((note, i) => layer("", i === 0 ? "IP" : "", note)),
    "",
    ...step.fields.map((field) => fieldLine(field)),
    ...(step.route ? ["", ...routeLines(step.route, names)] : []),
    "",
    ...(receiving
      ? [
          ...receiving.ip.notes.map((note, i) =>
            layer(i === 0 ? receiver : "", i === 0 ? "IP" : "", note),
          ),
          layer("", "TCP", tcpText(receiving.tcp, names)),
        ]
      : [layer(receiver, "", "nothing arrives at TCP")]),
  ];
}

function tcpText(tcp: TcpLayer, names: Names): string {
  const hex = (value: number) => `0x${value.toString(16)}`;
  const route = tcp.route.map((hop) => names[hop] ?? hop).join(", ") || "none";
  return `${tcp.state}, next to send ${hex(tcp.sndNxt)}, next expected ${hex(tcp.rcvNxt)}, route: ${route}`;
}

function fieldLine({ offset, hex, meaning, layer }: WalkField): string {
  const shown = hex.length > HEX_COLUMN ? `${hex.slice(0, HEX_COLUMN - 2)}…` : hex;
  const spaced = shown.match(/../g)?.join(" ") ?? "";
  const bytes = hex.length > HEX_COLUMN ? spaced.replace(/ ?(.)…$/, " …") : spaced;
  return `   ${String(offset).padStart(4)}  ${bytes.padEnd(36)}  ${layer.padEnd(6)}  ${meaning}`;
}

/** The option as the paper draws it: slots in a row, the triangle under the one it points at. */
function routeLines({ kind, slots, pointer }: RoutePicture, names: Names): string[] {
  const cells = slots.map((slot) => ` ${names[slot] ? `${names[slot]} ` : ""}${slot} `);
  const row = `   ${kind}  |${cells.join("|")}|`;
  const before = cells.slice(0, pointer).reduce((sum, cell) => sum + cell.length + 1, 0);
  const middle = pointer < cells.length ? Math.floor(cells[pointer].length / 2) : 0;
  return [row, `${" ".repeat(3 + kind.length + 3 + before + middle)}▲`];
}
