/**
 * W3C extended log file format (Hallam-Baker and Behlendorf, W3C working draft of 1996), as IIS and
 * proxies write it: `#Fields:` names the columns of the lines that follow, and may change.
 *
 * `time-taken` is seconds by the draft and milliseconds by IIS: a number with a point is taken for
 * seconds, a whole one for milliseconds.
 */
import type { ConnectionFormat } from "../connection-format.ts";
import { setHost, setV4 } from "./hosts.ts";
import { firstLine } from "./lines.ts";
import { LogReader } from "./log-reader.ts";
import { type LogEntry, REQUEST_HEADERS } from "./log-rows.ts";

const SERVICE = 0xcb007109;

export const w3cLog: ConnectionFormat = {
  name: "W3C extended log",
  recognise: (head) => /^#(Version|Software|Fields|Date):/i.test(firstLine(head)),
  open(window, damage) {
    const parser = new W3cParser();
    const expected = "as many fields as #Fields: names, a date and a time among them";
    return new LogReader(window, damage, expected, (text, entry) => parser.parse(text, entry));
  },
};

class W3cParser {
  private fields = new Map<string, number>();
  private date = "";

  /** What a line is; `entry` is set when it is one. */
  parse(line: string, entry: LogEntry): "entry" | "broken" | "none" {
    if (line.startsWith("#")) {
      this.directive(line);
      return "none";
    }
    const values = line.split(/[ \t]+/);
    if (values.length < this.fields.size || this.fields.size === 0) return "broken";
    const value = (name: string): string => {
      const place = this.fields.get(name);
      const text = place === undefined ? "-" : values[place];
      return text === "-" ? "" : text;
    };
    const seconds = Date.parse(`${value("date") || this.date}T${value("time")}Z`) / 1000;
    const client = value("c-ip") || value("c-dns");
    if (Number.isNaN(seconds) || client === "") return "broken";
    const server = value("s-ip") || value("s-dns");
    const took = value("time-taken");
    entry.seconds = Math.floor(seconds);
    setHost(client, entry.client);
    if (server) setHost(server, entry.server);
    else setV4(entry.server, SERVICE);
    entry.serverPort = whole(value("s-port"), 80) & 0xffff;
    entry.clientPort = whole(value("c-port"), 0) & 0xffff;
    const line1 = value("cs-method").length + value("cs-uri-stem").length + 11;
    entry.requestBytes = whole(value("cs-bytes"), line1 + REQUEST_HEADERS);
    entry.responseBytes = whole(value("sc-bytes"), 0);
    entry.took = /^\d+$/.test(took)
      ? Number(took) / 1000
      : /^\d*\.\d+$/.test(took)
        ? Number(took)
        : null;
    return "entry";
  }

  private directive(line: string): void {
    const [, name, rest] = /^#(\w+):\s*(.*)$/.exec(line) ?? ["", "", ""];
    if (/^fields$/i.test(name)) {
      this.fields = new Map(
        rest
          .trim()
          .split(/[ \t]+/)
          .map((field, i) => [field.toLowerCase(), i]),
      );
    } else if (/^date$/i.test(name)) this.date = rest.slice(0, 10);
  }
}

const whole = (text: string, fallback: number): number =>
  /^\d{1,15}$/.test(text) ? Number(text) : fallback;
