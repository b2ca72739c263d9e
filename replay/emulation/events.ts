/** What happens to the network while connections run: the scenario's events on the run's clock. */
import { Timer } from "../../stack/clock.ts";
import { drop } from "../../stack/tcp/close.ts";
import { LISTEN } from "../../stack/tcp/state.ts";
import type { Emulation } from "./engine.ts";
import type { ScenarioEvent } from "./scenario/scenario.ts";
import { discardAll } from "./silence.ts";

/** Something to do at a time. */
class Deed extends Timer {
  private readonly what: () => void;

  constructor(what: () => void) {
    super();
    this.what = what;
  }

  override expire(): void {
    this.what();
  }
}

export class Events {
  private readonly emulation: Emulation;
  private readonly servers: number;
  /** Servers that get no packets for shared addresses: failed and noticed, or draining. */
  private readonly withdrawn = new Set<number>();
  private changes = 0;

  constructor(emulation: Emulation, servers: number) {
    this.emulation = emulation;
    this.servers = servers;
  }

  /** Puts `event` on the clock, at `at` nanoseconds. */
  plan(event: ScenarioEvent, at: number): void {
    this.later(at, () => this.perform(event));
  }

  private later(at: number, what: () => void): void {
    this.emulation.clock.schedule(new Deed(what), at);
  }

  private perform(event: ScenarioEvent): void {
    const { emulation } = this;
    switch (event.do) {
      case "route-change":
        this.changes++;
        for (const point of emulation.points) point.rekey(`change-${this.changes}`);
        for (const { binding } of emulation.choosers) binding?.replaced();
        return;
      case "fail":
        this.fail(event.server, event.how);
        this.later(emulation.clock.now() + event.detectNs, () => this.withdraw(event.server));
        return;
      case "restart":
        emulation.network.setServerUp(event.server, true);
        this.withdrawn.delete(event.server);
        this.tellRouters();
        return;
      case "drain":
        this.withdraw(event.server);
        return;
      case "restart-router":
        emulation.choosers[event.router].binding?.restart();
    }
  }

  /** A server's memory is gone; with `reset`, its kernel lives and tells every peer so. */
  private fail(server: number, how: "silent" | "reset"): void {
    const { emulation } = this;
    const { tcp } = emulation.network.servers[server];
    emulation.servers.forget(server);
    if (how === "silent") {
      emulation.network.setServerUp(server, false);
      discardAll(tcp);
      return;
    }
    tcp.table.forEach((tcb) => {
      if (tcb.state === LISTEN) return;
      const so = tcb.socket;
      if (so) so.onReady = null;
      drop(tcp, tcb, null);
      so?.close();
    });
  }

  private withdraw(server: number): void {
    this.withdrawn.add(server);
    this.tellRouters();
  }

  private tellRouters(): void {
    const { emulation, withdrawn } = this;
    const all = Array.from({ length: this.servers }, (_, i) => i);
    const live = all.filter((server) => !withdrawn.has(server));
    this.changes++;
    for (const point of emulation.points) point.setLive(live, `change-${this.changes}`);
    emulation.network.setLive(live);
  }
}
