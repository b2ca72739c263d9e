/** Options of mobility messages (RFC 6275 section 6.2, IANA "Mobility Options"). */
import { address, bytes, OPAQUE, rest, u8, u16, u32 } from "./layout.ts";
import { PAD1, tlv, tlvFamily } from "./tlv.ts";

export const MOBILITY_NONCE_INDICES = 4;
export const MOBILITY_AUTHORIZATION = 5;
export const MOBILITY_ALTERNATE_CARE_OF = 3;
/** Bytes of authenticator in the binding authorization data option. */
export const AUTHENTICATOR_LENGTH = 12;

const PREFIX = [u8("reserved"), u8("prefixLength"), bytes("prefix", 16)];

export const MOBILITY_OPTIONS = tlvFamily("mobility option", 1, [
  tlv(PAD1, "Pad1", [], "RFC 6275 section 6.2.2"),
  tlv(1, "PadN", OPAQUE, "RFC 6275 section 6.2.3"),
  tlv(2, "binding-refresh-advice", [u16("interval")], "RFC 6275 section 6.2.4", [2, 0]),
  tlv(3, "alternate-care-of", [address("address")], "RFC 6275 section 6.2.5", [8, 6]),
  tlv(4, "nonce-indices", [u16("home"), u16("careOf")], "RFC 6275 section 6.2.6", [2, 0]),
  tlv(
    5,
    "binding-authorization",
    [bytes("authenticator", AUTHENTICATOR_LENGTH)],
    "RFC 6275 section 6.2.7",
    [8, 2],
  ),
  tlv(6, "mobile-network-prefix", PREFIX, "RFC 3963 section 4.3", [8, 4]),
  tlv(7, "link-layer-address", [u8("code"), rest("address")], "RFC 5568 section 6.4.4"),
  tlv(8, "mobile-node-identifier", [u8("subtype"), rest("identifier")], "RFC 4283 section 3"),
  tlv(
    9,
    "authentication",
    [u8("subtype"), u32("spi"), rest("authenticator")],
    "RFC 4285 section 5",
  ),
  tlv(10, "message-identifier", [bytes("timestamp", 8)], "RFC 4285 section 6"),
  tlv(11, "cga-parameters-request", [], "RFC 4866 section 5.2"),
  tlv(12, "cga-parameters", OPAQUE, "RFC 4866 section 5.1"),
  tlv(13, "signature", OPAQUE, "RFC 4866 section 5.3"),
  tlv(14, "permanent-home-keygen-token", OPAQUE, "RFC 4866 section 5.4"),
  tlv(15, "care-of-test-init", [], "RFC 4866 section 5.5"),
  tlv(16, "care-of-test", [bytes("token", 8)], "RFC 4866 section 5.6"),
  tlv(17, "dns-update", OPAQUE, "RFC 5026 section 8.1"),
  tlv(18, "experiment", OPAQUE, "RFC 5096 section 5"),
  tlv(19, "vendor-specific", [u32("vendor"), u8("subtype"), rest("value")], "RFC 5094 section 4"),
  tlv(20, "service-selection", [rest("identifier")], "RFC 5149 section 3"),
  tlv(21, "fmipv6-authorization", [u32("spi"), rest("authenticator")], "RFC 5568 section 6.4.5"),
  tlv(22, "home-network-prefix", PREFIX, "RFC 5213 section 8.3", [8, 4]),
  tlv(23, "handoff-indicator", [u8("reserved"), u8("indicator")], "RFC 5213 section 8.4"),
  tlv(24, "access-technology", [u8("reserved"), u8("technology")], "RFC 5213 section 8.5"),
  tlv(25, "link-layer-identifier", [u16("reserved"), rest("identifier")], "RFC 5213 section 8.6"),
  tlv(26, "link-local-address", [address("address")], "RFC 5213 section 8.7", [8, 6]),
  tlv(27, "timestamp", [bytes("timestamp", 8)], "RFC 5213 section 8.8", [8, 2]),
  tlv(28, "restart-counter", [u32("counter")], "RFC 5847 section 4.1", [4, 2]),
  tlv(29, "ipv4-home-address", [u16("prefix"), bytes("address", 4)], "RFC 5555 section 3.1.1"),
  tlv(
    30,
    "ipv4-address-acknowledgement",
    [u8("status"), u8("prefix"), bytes("address", 4)],
    "RFC 5555 section 3.2.1",
  ),
  tlv(31, "nat-detection", [u16("flags"), u32("refresh")], "RFC 5555 section 3.2.2"),
  tlv(32, "ipv4-care-of", [u16("reserved"), bytes("address", 4)], "RFC 5555 section 3.1.2"),
  tlv(33, "gre-key", [u16("reserved"), u32("key")], "RFC 5845 section 6.2"),
  tlv(34, "ipv6-address-prefix", OPAQUE, "RFC 5568 section 6.4.2"),
  tlv(35, "binding-identifier", OPAQUE, "RFC 5648 section 4.1"),
  tlv(36, "ipv4-home-address-request", OPAQUE, "RFC 5844 section 3.1.1"),
  tlv(37, "ipv4-home-address-reply", OPAQUE, "RFC 5844 section 3.1.2"),
  tlv(38, "ipv4-default-router", OPAQUE, "RFC 5844 section 3.1.3"),
  tlv(39, "ipv4-dhcp-support-mode", OPAQUE, "RFC 5844 section 3.1.4"),
  tlv(40, "context-request", OPAQUE, "RFC 5949 section 6.2.1"),
  tlv(41, "local-mobility-anchor-address", OPAQUE, "RFC 5949 section 6.2.2"),
  tlv(42, "link-local-interface-identifier", OPAQUE, "RFC 5949 section 6.2.3"),
  tlv(43, "transient-binding", OPAQUE, "RFC 6058 section 4.2"),
  tlv(44, "flow-summary", OPAQUE, "RFC 6089 section 4.3"),
  tlv(45, "flow-identification", OPAQUE, "RFC 6089 section 4.2"),
  tlv(46, "redirect-capability", OPAQUE, "RFC 6463 section 4.1"),
  tlv(47, "redirect", OPAQUE, "RFC 6463 section 4.2"),
  tlv(48, "load-information", OPAQUE, "RFC 6463 section 4.3"),
  tlv(49, "alternate-ipv4-care-of", OPAQUE, "RFC 6463 section 4.4"),
]);
