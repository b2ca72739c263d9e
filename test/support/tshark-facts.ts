/** What tshark decoded and what we did, brought to the same short lines. */
import type { HeaderReport, ReportedOption } from "../../replay/check/report.ts";

type Json = unknown;
type Fields = Record<string, Json>;

const isObject = (value: Json): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A field's values as text; none when it is not there. */
function values(fields: Fields, ...names: string[]): string[] {
  return names.flatMap((name) => {
    const value = fields[name];
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map(String);
  });
}

const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);
const line = (...words: (string | number | undefined)[]): string =>
  words.filter((word) => word !== undefined && word !== "").join(" ");
const list = (name: string, items: readonly (string | number)[]): string =>
  items.length === 0 ? "" : `${name}[${items.map(String).sort().join(",")}]`;

/** Fields of mobility messages by tshark's name, and ours. */
const MOBILITY: Readonly<Record<string, string>> = {
  "mip6.hot.nindex": "nonceIndex",
  "mip6.cot.nindex": "nonceIndex",
  "mip6.hoti.cookie": "cookie",
  "mip6.coti.cookie": "cookie",
  "mip6.hot.cookie": "cookie",
  "mip6.cot.cookie": "cookie",
  "mip6.hot.token": "token",
  "mip6.bu.seqnr": "sequence",
  "mip6.bu.lifetime": "lifetime",
  "mip6.ba.status": "status",
  "mip6.ba.seqnr": "sequence",
  "mip6.ba.lifetime": "lifetime",
  "mip6.be.status": "status",
  "mip6.be.haddr": "homeAddress",
};
const MOBILITY_OPTIONS: Readonly<Record<string, string>> = {
  "mip6.acoa.acoa": "address",
  "mip6.bra.interval": "interval",
  "mip6.ni.hni": "home",
  "mip6.ni.cni": "careOf",
};

const plain = (text: string): string => text.replace(/^0x/, "");
const named = (fields: Fields, names: Readonly<Record<string, string>>): string =>
  Object.entries(names)
    .flatMap(([theirs, ours]) => values(fields, theirs).map((text) => `${ours}=${plain(text)}`))
    .sort()
    .join(" ");

function ipOption(fields: Fields): string {
  const [type] = values(fields, "ip.opt.type");
  const slots = ["ip.src_rt", "ip.rec_rt", "ip.empty_rt", "ip.cur_rt", "ip.dst"];
  const [len] = values(fields, "ip.opt.len");
  if (len === undefined) return line("opt", type);
  return line(
    "opt",
    type,
    `len=${len}`,
    list("ptr", values(fields, "ip.opt.ptr")),
    list("hops", values(fields, ...slots, "ip.opt.time_stamp_addr")),
    list("times", values(fields, "ip.opt.time_stamp")),
    list("alert", values(fields, "ip.opt.ra")),
    list("stream", values(fields, "ip.opt.sid")),
    list("domain", values(fields, "ip.cipso.doi")),
  );
}

/** Options tshark has no name for are labels without fields: `Unknown (0x03) (3 bytes)`. */
function unknownOptions(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([label, content]) => {
    const match = /^Unknown \(0x([0-9a-f]+)\) \((\d+) bytes\)$/.exec(label);
    if (match === null) return [];
    const times = Array.isArray(content) ? content.length : 1;
    return new Array<string>(times).fill(line("opt", Number(`0x${match[1]}`), `len=${match[2]}`));
  });
}

/** Every fact of a decoded frame, in no order. */
export function tsharkFacts(layers: Json): string[] {
  if (Array.isArray(layers)) return layers.flatMap(tsharkFacts);
  if (!isObject(layers)) return [];
  const facts = unknownOptions(layers);
  if ("ip.opt.type" in layers) facts.push(ipOption(layers));
  if ("ipv6.opt.type" in layers) {
    const [type] = values(layers, "ipv6.opt.type");
    const lengths = values(layers, "ipv6.opt.length").map((length) => `len=${length}`);
    const alert = list("alert", values(layers, "ipv6.opt.router_alert"));
    const home = list("home", values(layers, "ipv6.opt.mipv6.home_address"));
    facts.push(line("v6opt", number(type), ...lengths, alert, home));
  }
  if ("ipv6.routing.type" in layers) {
    const [type] = values(layers, "ipv6.routing.type");
    const [left] = values(layers, "ipv6.routing.segleft");
    const [octets] = values(layers, "ipv6.routing.len_oct");
    const hops = values(layers, "ipv6.routing.src.addr", "ipv6.routing.srh.addr");
    const last = list("last", values(layers, "ipv6.routing.srh.last_entry"));
    facts.push(line("route", type, `left=${left}`, `len=${octets}`, list("hops", hops), last));
  }
  if ("ipv6.fraghdr.ident" in layers) {
    const [offset] = values(layers, "ipv6.fraghdr.offset");
    const [more] = values(layers, "ipv6.fraghdr.more");
    const [id] = values(layers, "ipv6.fraghdr.ident");
    facts.push(line("fragment", Number(offset) * 8, more, Number(id)));
  }
  if ("mip6.mhtype" in layers) {
    const inside = Object.assign({}, ...Object.values(layers).filter(isObject)) as Fields;
    const sum = Number(values(layers, "mip6.csum")[0]);
    facts.push(
      line("mobility", values(layers, "mip6.mhtype")[0], `sum=${sum}`, named(inside, MOBILITY)),
    );
  }
  if ("mip6.mobility_opt.len" in layers) {
    const length = values(layers, "mip6.mobility_opt.len")[0];
    facts.push(line("mhopt", `len=${length}`, named(layers, MOBILITY_OPTIONS)));
  }
  return [...facts, ...Object.values(layers).flatMap(tsharkFacts)];
}

const pick = (option: ReportedOption, names: readonly string[]): string =>
  names
    .flatMap((name) => {
      const value = option.value?.[name];
      return value === undefined ? [] : [`${name}=${value}`];
    })
    .sort()
    .join(" ");

function ourV4({ type, length, pointer, addresses, value = {} }: ReportedOption): string {
  if (type < 2) return line("opt", type);
  const stamps = Array.isArray(value.timestamps) ? value.timestamps : [];
  return line(
    "opt",
    type,
    `len=${length}`,
    pointer === undefined ? "" : `ptr[${pointer}]`,
    list("hops", addresses ?? []),
    list("times", stamps.map(String)),
    type === 148 ? `alert[${value.value}]` : "",
    type === 136 ? `stream[${value.stream}]` : "",
    type === 134 ? `domain[${value.domain}]` : "",
  );
}

/** The facts of one option of ours. */
function ourFact(option: ReportedOption): string[] {
  const { header, type, length, addresses, value = {} } = option;
  if (header === undefined) return [ourV4(option)];
  if (header === "fragment header") {
    return [
      line(
        "fragment",
        Number(value.offset),
        Number(value.moreFragments),
        Number(value.identification),
      ),
    ];
  }
  const isOption = header === "hop-by-hop options" || header === "destination options";
  if (isOption) {
    if (type === 0) return [line("v6opt", 0)];
    const alert = type === 5 && value.value !== undefined ? `alert[${value.value}]` : "";
    const home = type === 0xc9 && value.address !== undefined ? `home[${value.address}]` : "";
    return [line("v6opt", type, `len=${length - 2}`, alert, home)];
  }
  if (header === "routing header") {
    if (addresses === undefined) return [];
    const last = value.lastEntry === undefined ? "" : `last[${value.lastEntry}]`;
    return [
      line(
        "route",
        type,
        `left=${value.segmentsLeft}`,
        `len=${length}`,
        list("hops", addresses),
        last,
      ),
    ];
  }
  if (header !== "mobility header") return [];
  if (value.checksum !== undefined) {
    const fields = pick(
      option,
      Object.values(MOBILITY).filter((n, i, all) => all.indexOf(n) === i),
    );
    return [line("mobility", type, `sum=${value.checksum}`, fields)];
  }
  if (type === 0) return [];
  const fields = pick(option, [...new Set(Object.values(MOBILITY_OPTIONS))]);
  return [line("mhopt", `len=${length - 2}`, fields)];
}

/** Every fact of a report of ours, its inner headers included, in no order. */
export function ourFacts(report: HeaderReport & { inner?: readonly HeaderReport[] }): string[] {
  return [report, ...(report.inner ?? [])].flatMap(({ options }) => options.flatMap(ourFact));
}
