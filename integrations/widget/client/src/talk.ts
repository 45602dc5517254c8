/** The conversation with the server: one session, messages sent once, frames taken in order whatever the network does. */

import type { History, Host, SentFile, Session, WireEvent } from './shapes';
import { readFrames, Sequence } from './wire';

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, message: string) { super(message); }
}

export type Fate = 'sending' | 'queued' | 'sent' | 'failed';
export interface Message { turn: string; text: string; from: number; attachments: SentFile[] }
interface Kept { session: Session; locale: string; identity: string; open: Message[] }

export interface Listener {
  event(event: WireEvent): void;
  fate(message: Message, fate: Fate, why?: string): void;
  elsewhere(message: Message): void;
  lost(isLost: boolean): void;
  busy(isBusy: boolean): void;
  renewed(): void;
}

const SILENCE = 40_000;
const PAUSES = [250, 500, 900, 900];
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Wait, but no longer than until the network is back or the page is seen again. */
function respite(ms: number): Promise<void> {
  return new Promise((done) => {
    const end = () => { clearTimeout(timer); removeEventListener('online', end); removeEventListener('pageshow', end); done(); };
    const timer = navigator.onLine ? setTimeout(end, ms) : setTimeout(end, 30_000);
    addEventListener('online', end);
    addEventListener('pageshow', end);
  });
}

function plainHash(text: string): string {
  let sum = 0;
  for (const letter of text) sum = (Math.imul(sum, 31) + letter.codePointAt(0)!) | 0;
  return String(sum);
}

export function newTurn(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Talk {
  session: Session | null = null;
  mayStore = false;
  /** Messages that have no whole answer yet, as they were sent. */
  readonly open = new Map<string, Message>();
  /** Whether a person may write at any time. */
  stay = false;
  #frames: Sequence<WireEvent>;
  #following = false;
  /** Settled when the message before was taken in: what is written first arrives first. */
  #taken: Promise<void> = Promise.resolve();
  #cut = new Set<AbortController>();
  #last = 0;
  #starting: Promise<Session> | null = null;
  #ear: BroadcastChannel | null = null;
  /** Whether it is in this tab's storage; whether there is something that would be missed. */
  #stored = false;
  #worth = false;

  constructor(private readonly host: Host, private readonly listener: Listener) {
    this.#frames = this.#sequence(0);
    addEventListener('offline', () => this.#cut.forEach((controller) => controller.abort()));
    addEventListener('online', () => this.#wake());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#wake());
    this.#listen();
  }

  get #key(): string { return `dragoman:${this.host.server}:${this.host.setting('shop')}`; }
  /** Who is signed in: whom the page's token names, for each page may carry a fresh one. */
  get #identity(): string {
    const token = this.host.setting('identity-token');
    try {
      return plainHash(String((JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as { sub: unknown }).sub));
    } catch {
      return plainHash(token);
    }
  }

  #sequence(base: number): Sequence<WireEvent> {
    return new Sequence<WireEvent>(base, (event) => {
      this.#note(event);
      // An event that is not as agreed is lost alone: what follows is shown.
      try { this.listener.event(event); } catch (error) { this.host.tell('fault', { message: String(error) }); }
    });
  }

  /** A connection that has been silent for long is dead, after a sleep above all. */
  #wake(): void {
    if (Date.now() - this.#last > 20_000) this.#cut.forEach((controller) => controller.abort());
  }

  // ---- the session

  /** The session, kept from the page before, shared by another tab, or new. */
  start(): Promise<Session> {
    return (this.#starting ??= this.#begin().catch((error: unknown) => { this.#starting = null; throw error; }));
  }

  #who = '';

  /** Whether the conversation is that of somebody who is not signed in any more. */
  get isOthers(): boolean { return this.#starting !== null && this.#who !== this.#identity; }

  /** Let go of the page; the conversation stays. */
  leave(): void {
    this.#ear?.close();
    this.stay = false;
    this.open.clear();
    this.#cut.forEach((controller) => controller.abort());
  }

  async #begin(): Promise<Session> {
    const stored = this.#fits(this.#read());
    const kept = stored ?? this.#fits(await this.#askTabs());
    this.#who = this.#identity;
    this.session = kept?.session ?? (await this.#fresh());
    for (const message of kept?.open ?? []) this.open.set(message.turn, message);
    this.#stored = Boolean(stored);
    this.#worth = Boolean(kept);
    return this.session;
  }

  #fits(kept: Kept | null): Kept | null {
    return kept && kept.locale === this.host.locale && kept.identity === this.#identity ? kept : null;
  }

  async #fresh(): Promise<Session> {
    const consent = this.host.setting('consent');
    const proof = this.host.setting('proof');
    const body = {
      locale: this.host.locale, identity_token: this.host.setting('identity-token'), ...(proof && { proof }),
      ...(/granted|denied/.test(consent) && { consent: consent === 'granted' }),
    };
    return this.#json<Session>(await this.#fetch('POST', '/v1/sessions', JSON.stringify(body), {}));
  }

  /** The session with what was said in it; a message is sent no earlier. */
  ready(): Promise<History> {
    return (this.#known ??= this.#recall().catch((error: unknown) => { this.#known = null; throw error; }));
  }

  #known: Promise<History> | null = null;

  async #recall(): Promise<History> {
    const history = await this.api<History>('GET', '/v1/history');
    const early = [...this.open.values()].filter((message) => message.from < 0);
    const ended = new Set(history.turns.map((turn) => turn.turn));
    for (const turn of ended) this.open.delete(turn);
    for (const { turn, question, from } of history.open ?? []) {
      const known = this.open.get(turn);
      if (known) known.from = from;
      else this.open.set(turn, { turn, text: question, from, attachments: [] });
    }
    for (const message of early) message.from = history.last_event_id;
    this.#frames = this.#sequence(Math.min(history.last_event_id, ...[...this.open.values()].map((message) => message.from)));
    return history;
  }

  /** Take up again what was not answered when the page was left. */
  takeUp(): void {
    this.#busy();
    for (const message of [...this.open.values()]) void this.#deliver(message);
    if (this.stay) void this.follow();
  }

  /** Keep what is needed to go on after a reload, if that is allowed. */
  keep(): void {
    this.#worth ||= this.open.size > 0;
    if (!this.session || !this.mayStore || !this.#worth) return;
    this.#stored = true;
    try { sessionStorage.setItem(this.#key, JSON.stringify(this.#state())); } catch { /* full or forbidden: it lives in memory */ }
  }

  /** Whether the session is in storage: it would not be without leave. */
  get isKept(): boolean { return this.#stored; }

  /** There is something worth keeping, though no message was written. */
  kept(): void { this.#worth = true; this.keep(); }

  forget(): void {
    this.session = this.#starting = this.#known = null;
    this.#stored = this.#worth = this.stay = false;
    this.open.clear();
    this.#cut.forEach((controller) => controller.abort());
    this.#frames = this.#sequence(0);
    try { sessionStorage.removeItem(this.#key); } catch { /* forbidden: nothing was stored */ }
  }

  #state(): Kept {
    return { session: this.session!, locale: this.host.locale, identity: this.#identity, open: [...this.open.values()] };
  }

  #read(): Kept | null {
    try { return JSON.parse(sessionStorage.getItem(this.#key) ?? 'null') as Kept | null; } catch { return null; }
  }

  // ---- other tabs

  #listen(): void {
    if (!('BroadcastChannel' in globalThis)) return;
    const ear = (this.#ear = new BroadcastChannel(this.#key));
    ear.onmessage = ({ data }: MessageEvent<{ ask?: true; said?: Message; of?: string }>) => {
      if (data.ask && this.session && this.#worth) ear.postMessage({ state: this.#state() });
      if (!data.said || !this.session || data.of !== this.session.token || this.open.has(data.said.turn)) return;
      this.open.set(data.said.turn, data.said);
      this.#busy();
      this.listener.elsewhere(data.said);
      // Its turn names it: the server answers it once, whoever asks.
      setTimeout(() => void this.#deliver(data.said!), 150);
    };
  }

  async #askTabs(): Promise<Kept | null> {
    if (!this.#ear) return null;
    const asking = new BroadcastChannel(this.#key);
    const answer = new Promise<Kept | null>((done) => { asking.onmessage = ({ data }: MessageEvent<{ state?: Kept }>) => data.state && done(data.state); });
    asking.postMessage({ ask: true });
    const kept = await Promise.race([answer, pause(80).then(() => null)]);
    asking.close();
    return kept;
  }

  // ---- requests

  #fetch(method: string, path: string, body: BodyInit | null, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    const token = this.session?.token;
    return fetch(this.host.server + path, {
      method, body, credentials: 'omit', ...(signal && { signal }),
      headers: { ...(typeof body === 'string' && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }), ...headers },
    });
  }

  async #json<T>(reply: Response): Promise<T> {
    const told = reply.status === 204 ? {} : ((await reply.json().catch(() => ({}))) as T & { error?: { code: string; message: string } });
    if (reply.ok) return told as T;
    const error = (told as { error?: { code: string; message: string } }).error;
    throw new Refused(reply.status, error?.code ?? '', error?.message ?? '');
  }

  /** A request of this session; a token that ran out is renewed unseen. */
  async request(method: string, path: string, body: BodyInit | null = null, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    const token = this.session?.token;
    const reply = await this.#fetch(method, path, body, headers, signal);
    if (reply.status !== 401) return reply;
    if (token === this.session?.token) await (this.#renewing ??= this.#renew().finally(() => { this.#renewing = null; }));
    return this.#fetch(method, path, body, headers, signal);
  }

  #renewing: Promise<void> | null = null;

  async #renew(): Promise<void> {
    const reply = await this.#fetch('POST', '/v1/sessions/renew', '{}', {});
    if (reply.ok) {
      Object.assign(this.session!, await reply.json());
    } else {
      this.session = null;
      this.session = await this.#fresh();
      this.#frames = this.#sequence(0);
      this.open.forEach((message) => { message.from = 0; });
      this.listener.renewed();
    }
    this.keep();
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    await this.start();
    const raw = body instanceof Blob;
    return this.#json<T>(await this.request(method, path, body == null ? null : raw ? body : JSON.stringify(body), raw ? { 'content-type': body.type } : {}));
  }

  // ---- messages

  send(text: string, attachments: Message['attachments'] = []): Message {
    const message = { turn: newTurn(), text, from: this.#known ? this.#frames.base : -1, attachments };
    this.#ear?.postMessage({ said: message, of: this.session?.token });
    void this.deliver(message);
    return message;
  }

  async deliver(message: Message): Promise<void> {
    this.open.set(message.turn, message);
    this.#busy();
    this.listener.fate(message, navigator.onLine ? 'sending' : 'queued');
    const before = this.#taken;
    let taken = (): void => {};
    this.#taken = new Promise((done) => { taken = done; });
    await before;
    try { await this.#deliver(message, taken); } finally { taken(); }
  }

  /** Send a message until it is taken in, then follow its answer to its end. Its turn makes sending twice harmless. */
  async #deliver(message: Message, told = (): void => {}): Promise<void> {
    for (let tries = 0, rounds = 0; this.open.has(message.turn); ) {
      if (!navigator.onLine) this.listener.fate(message, 'queued');
      if (tries || !navigator.onLine) await respite(PAUSES[Math.min(tries, PAUSES.length) - 1] ?? 250);
      try {
        await this.ready();
        this.keep();
        const body = {
          message: message.text, turn: message.turn, page: location.pathname.slice(0, 2000),
          ...(message.attachments.length && { attachments: message.attachments.map((entry) => entry.attachment_id) }),
        };
        const taken = await this.#stream(body, {}, () => { tries = 0; told(); this.listener.fate(message, 'sent'); });
        if (!this.open.has(message.turn)) return;
        // Cut, or ended without its end: follow from the last frame seen; if nothing comes, ask for it by its turn again.
        await this.follow();
        if (!this.open.has(message.turn) || (taken && ++rounds > 8)) return this.#giveUp(message, '');
      } catch (error) {
        if (error instanceof Refused && error.status !== 503 && error.status < 500) return this.#giveUp(message, error.message);
        if (++tries > (navigator.onLine ? 12 : 1e6)) return this.#giveUp(message, error instanceof Refused ? error.message : '');
        this.listener.fate(message, 'queued');
      }
    }
  }

  #giveUp(message: Message, why: string): void {
    if (!this.open.delete(message.turn)) return;
    this.#busy();
    this.listener.fate(message, 'failed', why);
  }

  /** Follow the conversation until nothing runs; where a person may write, for as long as that is so. */
  async follow(): Promise<void> {
    if (this.#following) {
      while (this.#following && this.open.size) await pause(60);
      return;
    }
    this.#following = true;
    try {
      for (let tries = 0; this.open.size || this.stay; ) {
        let heard = false;
        try {
          await this.#stream({ stay: this.stay }, { 'last-event-id': String(this.#frames.base) }, () => { this.listener.lost(false); heard = true; });
          if (!this.stay) return;
        } catch (error) {
          if (error instanceof Refused && error.status < 500 && error.status !== 429) return;
          this.listener.lost(true);
        }
        if (!navigator.onLine) this.listener.lost(true);
        tries = heard ? 0 : tries + 1;
        await respite(PAUSES[Math.min(tries, PAUSES.length - 1)]!);
      }
    } finally {
      this.#following = false;
      this.listener.lost(false);
    }
  }

  /** Read one answer's stream. Returns whether the server took the request in. Raises Refused, or what `fetch` raises. */
  async #stream(body: object, headers: Record<string, string>, taken: () => void): Promise<boolean> {
    const controller = new AbortController();
    this.#cut.add(controller);
    let silent: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      this.#last = Date.now();
      clearTimeout(silent);
      silent = setTimeout(() => controller.abort(), SILENCE);
    };
    try {
      alive();
      const reply = await this.request('POST', '/v1/chat', JSON.stringify(body), headers, controller.signal);
      if (!reply.ok || !reply.body) await this.#json(reply);
      taken();
      await readFrames(reply.body!, alive, ({ id, data }) => this.#take(id, data)).catch((error: unknown) => {
        if (!(error instanceof Refused)) return;
        throw error;
      });
      return true;
    } finally {
      clearTimeout(silent);
      this.#cut.delete(controller);
    }
  }

  #take(id: number, data: string): void {
    let event: WireEvent;
    try { event = JSON.parse(data) as WireEvent; } catch { return; }
    if (!event || typeof event !== 'object') return;
    this.#frames.put(id, event);
    if (this.#frames.isWaiting) setTimeout(() => this.#frames.isWaiting && this.#frames.flush(), 400);
  }

  /** A run that ends has answered its own message and those that joined it before. */
  #note(event: WireEvent): void {
    if (event.type === 'RUN_STARTED') this.#run = event.runId ?? '';
    if ((event.type !== 'RUN_FINISHED' && event.type !== 'RUN_ERROR') || event.result?.joined) return;
    const run = event.runId ?? this.#run;
    if (!this.open.has(run)) return;
    for (const turn of [...this.open.keys()]) {
      this.open.delete(turn);
      if (turn === run) break;
    }
    this.keep();
    queueMicrotask(() => this.#busy());
  }

  #run = '';

  #busy(): void { this.listener.busy(this.open.size > 0); this.keep(); }
}
