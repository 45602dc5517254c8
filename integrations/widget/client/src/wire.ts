/** Reading server-sent events from a response, however the network cuts them. */

export interface Frame { id: number; data: string }

/** Puts lines together from pieces of text; `\n`, `\r\n` and `\r` end a line, wherever a piece is cut. */
export class FrameReader {
  #rest = '';
  #data: string[] = [];
  #id = 0;
  #halved = false;

  /** The frames that a piece completes. */
  read(piece: string): Frame[] {
    const frames: Frame[] = [];
    if (!piece) return frames;
    // A \r that ended the piece before may have been half of a \r\n.
    this.#rest += this.#halved && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#halved = false;
    for (;;) {
      const end = this.#rest.search(/[\r\n]/);
      if (end < 0) return frames;
      this.#halved = end === this.#rest.length - 1 && this.#rest[end] === '\r';
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + (this.#rest.startsWith('\r\n', end) ? 2 : 1));
      const frame = this.#take(line);
      if (frame) frames.push(frame);
    }
  }

  #take(line: string): Frame | null {
    if (!line) {
      const frame = this.#data.length ? { id: this.#id, data: this.#data.join('\n') } : null;
      this.#data = [];
      this.#id = 0;
      return frame;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    if (field === 'id') this.#id = Number(value) || 0;
    return null;
  }
}

/** Reads a body to its end. `alive` is called at each sign of life, comments included. */
export async function readFrames(body: ReadableStream<Uint8Array>, alive: () => void, take: (frame: Frame) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const frames = new FrameReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    for (const frame of frames.read(decoder.decode(value, { stream: true }))) take(frame);
  }
}

/** Puts frames of several streams in the order of their numbers; a number seen before is not taken again. */
export class Sequence<T> {
  #held = new Map<number, T>();
  #seen = new Set<number>();

  /** `base`: every frame up to this number has been taken. */
  constructor(public base: number, private readonly take: (frame: T) => void) {}

  put(id: number, frame: T): void {
    if (!id) return this.take(frame);
    if (id <= this.base || this.#seen.has(id)) return;
    this.#held.set(id, frame);
    this.#run();
  }

  /** Take what is held, though some before it have not come. */
  flush(): void {
    for (const id of [...this.#held.keys()].sort((a, b) => a - b)) {
      const frame = this.#held.get(id) as T;
      this.#held.delete(id);
      this.#seen.add(id);
      this.take(frame);
    }
    this.#run();
  }

  get isWaiting(): boolean { return this.#held.size > 0; }

  #run(): void {
    for (;;) {
      const next = this.base + 1;
      const frame = this.#held.get(next);
      if (frame === undefined && !this.#seen.has(next)) return;
      this.base = next;
      this.#seen.delete(next);
      this.#held.delete(next);
      if (frame !== undefined) this.take(frame);
    }
  }
}
