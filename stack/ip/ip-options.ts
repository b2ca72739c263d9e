/**
 * `ip_dooptions`: what the options of a received packet ask of this host, by the table of the
 * kernel that it plays (`ipopts/profiles`). Here only the verdict is carried out.
 */
import { Judge } from "../../ipopts/profiles/judge.ts";
import { PROFILES } from "../../ipopts/profiles/profiles.ts";
import type { Profile } from "../../ipopts/profiles/table.ts";
import { findSourceRoute } from "../../ipopts/source-route.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { updateChecksum } from "../wire/checksum.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { isLoopback } from "./addresses.ts";
import { ipForward, isForwardable } from "./ip-forward.ts";
import { sealHeader } from "./ip-send.ts";
import { OptionWorld } from "./option-world.ts";

/** ICMP "source route failed", and any parameter problem. */
const UNREACHABLE = 3;
const SOURCE_ROUTE_FAILED = 5;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;

/** NOP and a loose source route of one hop, its pointer behind and at it. */
const PASSED = 0x01830708;
const TO_PASS = 0x01830704;

export class IpOptions {
  private readonly stack: Stack;
  private readonly world: OptionWorld;
  private readonly judge: Judge;
  private readonly profile: Profile;
  private readonly quick: boolean;

  constructor(stack: Stack) {
    this.stack = stack;
    this.world = new OptionWorld(stack);
    this.judge = new Judge(this.world);
    // In two passes a hop that is this host itself is forwarded to itself, as the BSDs do.
    const name = stack.config.twoPass ? "bsd44" : stack.config.profile;
    const profile = PROFILES.find((each) => each.name === name);
    if (!profile) throw new Error(`no kernel profile ${name}`);
    this.profile = profile;
    this.quick = name === "engel" && stack.config.acceptSourceRoute;
  }

  /**
   * Deals with the options of the packet at `m.ipAt`, whose header has `header` bytes. True when the
   * packet goes on through `ipInput` (its destination may be another of our addresses now); false
   * when it ended here or went on to the next hop of its route.
   */
  input(m: Mbuf, header: number): boolean {
    const { stack, world } = this;
    const { view, ipAt } = m;
    if (stack.config.client === "filtering" && this.isRouted(m, header)) {
      stack.drop(m, "sourceRouteRefused");
      return false;
    }
    if (this.quick && header === 28 && this.pinned(m)) return true;
    world.rcvif = m.rcvif;
    const passed = ipv4.destination(view, ipAt);
    const verdict = this.judge.judge(this.profile, view, ipAt, m.len);
    switch (verdict.action) {
      case "accept":
        this.takeHeader(m, header, verdict.headerView);
        if (ipv4.destination(view, ipAt) !== passed) stack.stats.collapsed++;
        return true;
      case "forward":
        this.takeHeader(m, header, verdict.headerView);
        ipForward(stack, m, true);
        return false;
      case "icmp":
        // Kernels that change a header as they read it quote it as far as they came.
        if (this.profile.name !== "engel") this.copyHeader(m, header, verdict.headerView);
        this.refuse(m, verdict.type, verdict.code, verdict.pointer);
        return false;
      default:
        stack.drop(m, "optionsRefused");
        return false;
    }
  }

  /**
   * What the patch's own packets carry, without the table's walk: one loose route of one hop to an
   * own address, `{U>>}` or `{>>A}`, or to someone else. The verdict is the table's; a test holds the two together.
   */
  private pinned(m: Mbuf): boolean {
    const { view, ipAt } = m;
    const { addresses, config } = this.stack;
    const option = view.getUint32(ipAt + 20);
    const destination = ipv4.destination(view, ipAt);
    const source = ipv4.source(view, ipAt);
    if (option !== PASSED && option !== TO_PASS) return false;
    if (source >>> 24 === 0 || isLoopback(source) || isLoopback(destination)) return false;
    if (addresses.isBroadcast(source) || addresses.isBroadcast(destination)) return false;
    // On the way a loose route is nobody's business.
    if (!addresses.isOwn(destination)) return config.forwarding && isForwardable(destination);
    if (option === PASSED) return true;
    const next = view.getUint32(ipAt + 24);
    if (isLoopback(next) || !addresses.isOwn(next) || !addresses.isOwnUnicast(destination)) {
      return false;
    }
    // Destination and slot change places, which no sum can tell; the pointer grows by 4.
    ipv4.setDestination(view, ipAt, next);
    view.setUint32(ipAt + 24, destination);
    view.setUint16(ipAt + 22, PASSED & 0xffff);
    const field = ipv4.headerChecksum(view, ipAt);
    ipv4.setHeaderChecksum(view, ipAt, updateChecksum(field, TO_PASS & 0xffff, PASSED & 0xffff));
    this.stack.stats.collapsed++;
    return true;
  }

  private isRouted(m: Mbuf, header: number): boolean {
    return findSourceRoute(this.stack.scratch.walk, m.view, m.ipAt + 20, header - 20) >= 0;
  }

  private refuse(m: Mbuf, type: number, code: number, pointer: number): void {
    const extra = type === PARAMETER_PROBLEM ? pointer : 0;
    this.stack.icmp.error(m, type, code, extra, reasonOf(type, code));
  }

  /** Writes the judged header into the packet; `ipForward` counts the hop, so the TTL stays. */
  private takeHeader(m: Mbuf, header: number, judged: DataView): void {
    this.copyHeader(m, header, judged);
    sealHeader(m, header);
  }

  /** Destination and options as judged, the checksum as it was. */
  private copyHeader(m: Mbuf, header: number, judged: DataView): void {
    for (let i = 16; i < header; i += 4) m.view.setUint32(m.ipAt + i, judged.getUint32(i));
  }
}

function reasonOf(type: number, code: number): DropReason {
  if (type === PARAMETER_PROBLEM) return "badOptions";
  if (type === TIME_EXCEEDED) return "ttlExceeded";
  return type === UNREACHABLE && code === SOURCE_ROUTE_FAILED ? "sourceRouteRefused" : "noRoute";
}
