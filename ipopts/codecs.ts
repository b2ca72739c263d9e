/** Every IPv4 option that this project can read and write, one line each. */
import type { OptionCodec } from "./codec.ts";
import { addressExtension } from "./codecs/address-extension.ts";
import { cipso } from "./codecs/cipso.ts";
import { extendedSecurity } from "./codecs/extended-security.ts";
import { mtuProbe, mtuReply } from "./codecs/mtu-discovery.ts";
import { eol, nop } from "./codecs/padding.ts";
import { quickStart } from "./codecs/quick-start.ts";
import { rawCodec } from "./codecs/raw.ts";
import { recordRoute } from "./codecs/record-route.ts";
import { routerAlert } from "./codecs/router-alert.ts";
import { sdb } from "./codecs/sdb.ts";
import { security } from "./codecs/security.ts";
import { lsrr, ssrr } from "./codecs/source-route.ts";
import { streamId } from "./codecs/stream-id.ts";
import { timestamp } from "./codecs/timestamp.ts";
import { traceroute } from "./codecs/traceroute.ts";
import { upstreamMulticast } from "./codecs/upstream-multicast.ts";

export const CODECS: readonly OptionCodec[] = [
  eol,
  nop,
  recordRoute,
  mtuProbe,
  mtuReply,
  quickStart,
  timestamp,
  traceroute,
  security,
  lsrr,
  extendedSecurity,
  cipso,
  streamId,
  ssrr,
  addressExtension,
  routerAlert,
  sdb,
  upstreamMulticast,
];

const BY_TYPE: readonly OptionCodec[] = Array.from(
  { length: 256 },
  (_, type) => CODECS.find((codec) => codec.type === type) ?? rawCodec(type),
);

/** The codec of a type byte; one that knows number, class and copied bit when there is no other. */
export const codecOf = (type: number): OptionCodec => BY_TYPE[type & 255];
