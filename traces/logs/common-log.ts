/**
 * Common and Combined Log Format (NCSA httpd, Apache): one request a line,
 * `host ident user [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326 "referer" "agent"`.
 * What follows the size is passed over, so that the extensions of the many servers do no harm.
 */
import type { ConnectionFormat } from "../connection-format.ts";
import { setHost, setV4 } from "./hosts.ts";
import { firstLine } from "./lines.ts";
import { LogReader } from "./log-reader.ts";
import { type LogEntry, REQUEST_HEADERS } from "./log-rows.ts";

const LINE =
  /^(\S+) .*?\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\] "((?:[^"\\]|\\.)*)" (?:\d{3}|-) (\d+|-)(?: |$)/;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** What the log does not say: whom the request was for. */
const SERVICE = 0xcb007109;

export const commonLog: ConnectionFormat = {
  name: "common log",
  recognise: (head) => LINE.test(firstLine(head)),
  open: (window, damage) =>
    new LogReader(window, damage, "a line of the Common Log Format", (text, entry) =>
      parseCommon(text, entry) ? "entry" : "broken",
    ),
};

/** Fills `entry` from a line; false when it is none. */
function parseCommon(line: string, entry: LogEntry): boolean {
  const match = LINE.exec(line);
  if (!match) return false;
  const [
    ,
    host,
    day,
    month,
    year,
    hour,
    minute,
    second,
    sign,
    zoneHours,
    zoneMinutes,
    request,
    size,
  ] = match;
  const place = MONTHS.indexOf(month);
  if (place < 0 || place % 3 !== 0 || Number(day) > 31 || Number(hour) > 23) return false;
  if (Number(minute) > 59 || Number(second) > 60) return false;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 * (sign === "-" ? -1 : 1);
  const local = Date.UTC(Number(year), place / 3, Number(day), Number(hour), Number(minute));
  entry.seconds = local / 1000 + Number(second) - zone;
  setHost(host, entry.client);
  setV4(entry.server, SERVICE);
  entry.serverPort = 80;
  entry.clientPort = 0;
  entry.requestBytes = request.length + REQUEST_HEADERS;
  entry.responseBytes = size === "-" ? 0 : Number(size);
  entry.took = null;
  return Number.isSafeInteger(entry.responseBytes);
}
