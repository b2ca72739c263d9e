/** A small HTTP/1.1 server on our sockets: GET, keep-alive, one answer after the other. */
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { failed, POLLIN, type Socket } from "../../../stack/socket.ts";
import { ok } from "../../support/tcp-pair.ts";
import type { OurHost } from "./hosts.ts";

export class HttpServer {
  connections = 0;
  private readonly pages: ReadonlyMap<string, Uint8Array>;

  /** Serves `pages` by their paths on `port` of `host`, by IPv4 and IPv6. */
  constructor(host: OurHost, port: number, pages: ReadonlyMap<string, Uint8Array>) {
    this.pages = pages;
    for (const family of [4, 6] as const) {
      const listener = host.tcp.socket(family);
      ok(listener.bind(family === 4 ? 0 : new In6Addr(0, 0, 0, 0), port));
      ok(listener.listen(16));
      listener.onReady = (so, events) => {
        if (events & POLLIN) this.accept(so);
      };
    }
  }

  private accept(listener: Socket): void {
    for (;;) {
      const so = listener.accept();
      if (typeof so === "string") return;
      this.connections++;
      new HttpConnection(so, this.pages);
    }
  }
}

/** One client: requests in, answers out, as fast as the socket takes them. */
class HttpConnection {
  private readonly so: Socket;
  private readonly pages: ReadonlyMap<string, Uint8Array>;
  private request = "";
  private ended = false;
  private out: Buffer = Buffer.alloc(0);

  constructor(so: Socket, pages: ReadonlyMap<string, Uint8Array>) {
    this.so = so;
    this.pages = pages;
    so.onReady = () => this.ready();
    this.ready();
  }

  private ready(): void {
    const into = new Uint8Array(4096);
    while (!this.ended) {
      const got = this.so.receive(into);
      if (failed(got)) {
        if (got === "EAGAIN") break;
        this.so.close();
        return;
      }
      if (got === 0) this.ended = true;
      this.request += Buffer.from(into.subarray(0, got)).toString("latin1");
    }
    for (
      let end = this.request.indexOf("\r\n\r\n");
      end >= 0;
      end = this.request.indexOf("\r\n\r\n")
    ) {
      this.answer(this.request.slice(0, end));
      this.request = this.request.slice(end + 4);
    }
    while (this.out.length > 0) {
      const taken = this.so.send(this.out);
      if (failed(taken)) break;
      this.out = this.out.subarray(taken);
    }
    if (this.ended && this.out.length === 0) this.so.close();
  }

  private answer(request: string): void {
    const path = /^GET (\S+) HTTP\/1\.1\r?\n/.exec(`${request}\r\n`)?.[1];
    const page = this.pages.get(path ?? "");
    const head = page ? "200 OK" : "404 Not Found";
    const body = page ?? Buffer.from("no such page\n");
    this.out = Buffer.concat([
      this.out,
      Buffer.from(`HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
    ]);
  }
}
