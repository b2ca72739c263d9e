/** The digest of first servers in order of opening, while they become known in any order. */
import { createHash } from "node:crypto";

/** Of a connection whose first packet never reached a server. */
const NONE = 0xffff;

export class AssignmentLog {
  private readonly sha = createHash("sha256");
  /** Servers of connections from `first` on, −1 while unknown. */
  private readonly waiting: number[] = [];
  private first = 0;
  private chunk = new Uint16Array(4096);
  private filled = 0;

  /** Connections open in order of `id`, from 0 without a gap. */
  opened(): void {
    this.waiting.push(-1);
  }

  /** The first packet of connection `id` reached `server`; −1: none ever will. */
  reached(id: number, server: number): void {
    const at = id - this.first;
    if (at < 0 || this.waiting[at] >= 0) return;
    this.waiting[at] = server < 0 ? NONE : server;
    if (at === 0) this.flush();
  }

  digest(): string {
    this.write();
    return `sha256:${this.sha.copy().digest("hex")}`;
  }

  private flush(): void {
    let known = 0;
    while (known < this.waiting.length && this.waiting[known] >= 0) {
      this.chunk[this.filled++] = this.waiting[known++];
      if (this.filled === this.chunk.length) this.write();
    }
    this.waiting.splice(0, known);
    this.first += known;
  }

  private write(): void {
    this.sha.update(new Uint8Array(this.chunk.buffer, 0, 2 * this.filled));
    this.filled = 0;
  }
}
