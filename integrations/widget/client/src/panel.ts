/** The panel: loaded when the shopper first wants it, and put together here. */

import { Answer, chips } from './answer';
import { Composer } from './composer';
import { fileShown, names } from './files';
import { Frame } from './frame';
import { Head } from './head';
import { Log } from './log';
import { h } from './nodes';
import sheet from './panel.css';
import { Persons } from './persons';
import { download, eraseForm, mailForm, note, ratingForm } from './service';
import type { Desk, Handoff, History, Host, Panel, PersonMessage, SentFile, Session, StartPanel, Turn, WireEvent } from './shapes';
import { Refused, Talk, type Fate, type Message } from './talk';
import { Texts } from './texts';

class Room implements Panel, Desk {
  readonly panel: HTMLElement;
  #log: Log;
  #composer: Composer;
  #head: Head;
  #frame: Frame;
  #talk: Talk;
  #persons: Persons;
  #answers = new Map<string, Answer>();
  #run = '';
  #mine = new Map<string, HTMLElement>();
  #fates = new Map<string, Fate>();
  #greeting = h('div', { class: 'said', part: 'bubble', hidden: true, dir: 'auto' });
  #lost: HTMLElement | null = null;
  #ready: Promise<void> | null = null;
  #rated = false;
  #consent = '';
  #unread = 0;
  #typed = 0;

  constructor(readonly host: Host, readonly t: Texts) {
    this.#log = new Log(t);
    this.#head = new Head(this, [
      ['want_person', () => this.callPerson()], ['download', () => void download(this, (path) => this.#talk.request('GET', path))], ['mail', () => this.show(mailForm(this), true)],
      ['end_chat', () => this.#rate()], ['erase', () => this.show(eraseForm(this, (kept) => this.#erased(kept)), true)],
    ]);
    this.#composer = new Composer(this, { send: (text, attached) => this.#send(text, attached), stop: () => void this.#stop(), typing: () => this.#typing() });
    this.#persons = new Persons(this, this.#head, this.#log, this.#composer);
    this.panel = h('div', { class: 'panel', part: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true, keydown: (event: KeyboardEvent) => { if (event.key === 'Escape') { event.stopPropagation(); host.close(); } } },
      this.#head.element, this.#head.notice, this.#log.element, this.#log.pill, this.#composer.element, this.#log.status);
    this.#frame = new Frame(this.panel, host);
    this.#talk = new Talk(host, {
      event: (event) => this.#event(event), fate: (message, fate, why) => this.#fate(message, fate, why), elsewhere: (message) => this.#asked(message),
      lost: (isLost) => this.#showLost(isLost), busy: (isBusy) => this.#busy(isBusy), renewed: () => this.#renewed(),
    });
    host.root.append(this.panel);
  }

  // ---- the panel, by the page

  open(): void {
    this.panel.hidden = false;
    this.#composer.input.focus({ preventScroll: true });
    this.#unread = 0;
    this.host.unread(0);
    // What follows may take its time: the shopper is already where they write.
    requestAnimationFrame(() => { this.#frame.open(); this.#log.settle(); });
    void this.#enter();
  }

  close(): void {
    this.#frame.close();
    this.panel.hidden = true;
  }

  leave(): void {
    this.close();
    this.#talk.leave();
    this.panel.remove();
  }

  send(text: string): void { this.say(text); }

  changed(name: string): void {
    if (name === 'identity-token' && this.#talk.isOthers) { this.#talk.forget(); this.#empty(); if (!this.panel.hidden) void this.#enter(); }
    if (name === 'consent') { this.#consent = ''; this.#mayStore(); }
  }

  focus(): void { this.#composer.input.focus(); }

  #empty(): void {
    this.#ready = null;
    this.#answers.clear();
    this.#mine.clear();
    this.#log.element.replaceChildren();
    this.#head.assistant();
    this.#busy(false);
  }

  #enter(): Promise<void> {
    return (this.#ready ??= this.#begin().catch((error: unknown) => {
      this.#ready = null;
      // What is written meanwhile waits and says so itself.
      if (!navigator.onLine) addEventListener('online', () => void this.#enter(), { once: true });
      if (!this.#talk.open.size) this.#troubled((error instanceof Refused && error.message) || this.t.say('no_network'), () => void this.#enter());
    }));
  }

  async #begin(): Promise<void> {
    const session = await this.#talk.start();
    const history = await this.#talk.ready();
    this.#head.meet(session);
    this.#composer.allow(session.attachments);
    this.#mayStore();
    this.#greet(session);
    this.#restore(history);
    if (!history.turns.length && !this.#talk.open.size && !this.#mine.size) this.#log.add(chips(this.#starters(session), (text) => this.say(text)));
    this.#talk.takeUp();
  }

  // ---- what is there at once

  #speaksOurs(session: Session): boolean { return session.language.split('-')[0] === this.t.language.split('-')[0]; }

  #greet(session: Session): void {
    const words = this.host.setting('greeting') || (this.#speaksOurs(session) && session.greeting) || this.t.say('greeting');
    this.#greeting.replaceChildren(h('span', { class: 'vh' }, `${this.t.say('assistant')}: `), words);
    this.#greeting.hidden = false;
    this.#log.element.prepend(this.#greeting);
  }

  #starters(session: Session): string[] {
    return this.#speaksOurs(session) ? session.suggestions : [this.t.say('ask_order'), this.t.say('ask_return'), this.t.say('ask_delivery')];
  }

  /** Whether something may be kept on this device: asked where it must be. */
  #mayStore(): void {
    const said = this.#consent || this.host.setting('consent') || (this.#talk.isKept ? 'granted' : '');
    const needed = said ? said === 'needed' : this.#talk.session?.consent_needed;
    this.#talk.mayStore = said === 'granted' || (said !== 'denied' && !needed);
    this.panel.querySelector('.consent')?.remove();
    if (this.#talk.mayStore) return this.#talk.keep();
    // Before the first message there is nothing to keep, and nothing to ask.
    if (!needed || !this.#mine.size) return;
    const answer = (allowed: boolean) => () => {
      this.#consent = allowed ? 'granted' : 'denied';
      this.#talk.kept();
      this.#mayStore();
      this.host.tell('consent', { granted: allowed });
      this.focus();
    };
    const box = h('section', { class: 'consent', 'aria-label': this.t.say('privacy') }, h('p', {}, this.t.say('consent')), h('div', { class: 'pair' },
      h('button', { type: 'button', class: 'plain', click: answer(true) }, this.t.say('allow')), h('button', { type: 'button', class: 'plain', click: answer(false) }, this.t.say('decline'))));
    this.panel.insertBefore(box, this.#composer.element);
  }

  // ---- what was before

  #restore(history: History): void {
    for (const turn of history.turns) if (!this.#answers.has(turn.turn)) this.#replay(turn);
    for (const message of history.person_messages) {
      if (message.speaker === 'shopper' && !history.turns.some((turn) => turn.question === message.text)) this.#bubble(message.text);
      this.#persons.said(message, false);
    }
    if (history.handoff && /waiting|claimed/.test(history.handoff.status)) this.#handoff(history.handoff, false);
    this.#rated ||= Boolean(history.rating);
    for (const message of this.#talk.open.values()) this.#asked(message);
    this.#log.toEnd();
  }

  #replay(turn: Turn): void {
    if (turn.question) this.#bubble(turn.question, turn.attachments);
    const answer = this.#answer(turn.turn, false);
    answer.write(turn.answer);
    const events = turn.events ?? Object.entries(turn.shown).map(([name, value]) => ({ name, value }));
    for (const { name, value } of events) if (!/handoff|person_message|notice|suggestions/.test(name)) answer.custom(name, value);
    answer.end(true, turn.score ?? 0);
  }

  #answer(turn: string, live = true): Answer {
    let answer = this.#answers.get(turn);
    if (!answer) {
      this.#answers.set(turn, (answer = new Answer(this, this.#log, turn, live)));
      this.#log.add(answer.element);
    }
    return answer;
  }

  // ---- what the shopper says

  say(text: string): void { this.#send(text, []); }

  #send(text: string, attached: Message['attachments']): void {
    if (!this.host.tell('message', { text })) return;
    this.#log.element.querySelectorAll('.chips').forEach((row) => row.remove());
    this.#log.toEnd();
    const message = this.#talk.send(text, attached);
    this.#asked(message);
    void this.#enter();
  }

  #asked(message: Message): void {
    if (this.#mine.has(message.turn)) return;
    this.#mine.set(message.turn, this.#bubble(message.text, message.attachments));
    if (this.#talk.session) this.#mayStore();
  }

  #bubble(text: string, files: SentFile[] = []): HTMLElement {
    const bubble = h('div', { class: 'said mine', part: 'bubble mine' }, h('span', { class: 'vh' }, `${this.t.say('you')}: `), names(text, files) ? null : h('div', { class: 'text', dir: 'auto' }, text),
      ...files.map((file) => fileShown(this, file)));
    this.#log.add(bubble);
    return bubble;
  }

  #fate(message: Message, fate: Fate, why?: string): void {
    this.#asked(message);
    const bubble = this.#mine.get(message.turn)!;
    if (this.#fates.get(message.turn) === fate) return;
    this.#fates.set(message.turn, fate);
    bubble.nextElementSibling?.matches('.fate') && bubble.nextElementSibling.remove();
    if (fate === 'sent') { if (!this.#persons.name) this.#answer(message.turn).step(this.t.say('working')); this.#log.announce(this.t.say('working')); return; }
    if (fate === 'sending') return;
    const words = fate === 'queued' ? this.t.say('offline') : why || this.t.say('failed');
    bubble.after(h('p', { class: `fate ${fate}` }, words, ' ', fate === 'failed' && h('button', { type: 'button', class: 'link', click: () => { void this.#talk.deliver(message); this.focus(); } }, this.t.say('retry'))));
    if (fate === 'failed') { const answer = this.#answers.get(message.turn); answer?.end(false); if (answer?.isEmpty) this.#drop(message.turn); }
    this.#log.announce(words);
    this.#log.settle();
  }

  #drop(turn: string): void {
    this.#answers.get(turn)?.element.remove();
    this.#answers.delete(turn);
  }

  async #stop(): Promise<void> {
    await this.api('POST', '/v1/chat/cancel', {}).catch(() => undefined);
    this.focus();
  }

  #typing(): void {
    if (!this.#persons.name || Date.now() - this.#typed < 4000) return;
    this.#typed = Date.now();
    this.api('POST', '/v1/typing', { typing: true }).catch(() => undefined);
  }

  // ---- what comes back

  #event(event: WireEvent): void {
    const run = event.runId ?? this.#run;
    switch (event.type) {
      case 'RUN_STARTED': this.#run = run; break;
      case 'STEP_STARTED': this.#answer(run).step(event.stepName ?? ''); break;
      case 'TEXT_MESSAGE_CONTENT': this.#answer(run).write(event.delta ?? ''); this.#heard(); break;
      case 'CUSTOM': this.#custom(run, event.name ?? '', event.value ?? {}); break;
      case 'RUN_ERROR': this.#answer(run).write(`\n\n${event.message ?? this.t.say('error')}`); this.#end(run, false); break;
      case 'RUN_FINISHED': this.#end(run, !event.result?.person); break;
    }
  }

  #custom(run: string, name: string, value: Record<string, unknown>): void {
    if (name === 'handoff') this.#handoff(value as unknown as Handoff, true);
    else if (name === 'person_message') { this.#persons.said(value as unknown as PersonMessage, true); this.#heard(); }
    else if (name === 'notice') this.#notice(run, String(value['code']), String(value['text']));
    else this.#answer(run).custom(name, value);
  }

  #notice(run: string, code: string, text: string): void {
    if (code === 'typing') return this.#persons.typing(true);
    if (code === 'one_moment') return this.#answer(run).step(text);
    if (code === 'person' && this.#persons.name) return;
    this.#answers.get(run)?.step('');
    this.#log.add(h('p', { class: 'note-line', dir: 'auto' }, text));
    this.#log.announce(text);
  }

  /** The page may mark the closed launcher. */
  #heard(): void { if (this.panel.hidden && !this.#unread) this.host.unread(++this.#unread); }

  #handoff(handoff: Handoff, live: boolean): void {
    const settled = this.#persons.changed(handoff, live);
    this.#talk.stay = this.#persons.waiting || Boolean(this.#persons.name);
    if (this.#talk.stay) void this.#talk.follow();
    if (live) this.host.tell('handoff', { status: handoff.status, name: handoff.name });
    if (settled) this.#rate();
  }

  #end(run: string, judged: boolean): void {
    const answer = this.#answers.get(run);
    answer?.end(judged);
    if (answer?.isEmpty) this.#drop(run);
    // Messages that were answered together with this one have no answer of their own.
    for (const [turn, other] of this.#answers) if (other !== answer && !this.#talk.open.has(turn)) { other.step(''); if (other.isEmpty) this.#drop(turn); }
    if (answer && !answer.isEmpty) this.host.tell('answer', { turn: run });
  }

  #busy(isBusy: boolean): void {
    this.#composer.busy(isBusy && !this.#persons.name);
    this.#log.element.setAttribute('aria-busy', String(isBusy));
  }

  #showLost(isLost: boolean): void {
    if (isLost === Boolean(this.#lost)) return;
    this.#lost?.remove();
    this.#lost = isLost ? h('p', { class: 'lost' }, this.t.say('lost')) : null;
    if (!this.#lost) return;
    this.panel.insertBefore(this.#lost, this.#composer.element);
    this.#log.announce(this.t.say('lost'));
  }

  #troubled(words: string, again: () => void): void {
    const line = h('p', { class: 'fate failed' }, words, ' ', h('button', { type: 'button', class: 'link', click: () => { line.remove(); again(); this.focus(); } }, this.t.say('retry')));
    this.#log.add(line);
    this.#log.announce(words);
  }

  #renewed(): void { note(this, this.t.say('new_chat')); }

  // ---- for cards and forms

  api<T>(method: string, path: string, body?: unknown): Promise<T> { return this.#talk.api<T>(method, path, body); }

  async file(id: string): Promise<Blob> {
    const reply = await this.#talk.request('GET', `/v1/attachments/${encodeURIComponent(id)}`);
    if (!reply.ok) throw new Refused(reply.status, '', '');
    return reply.blob();
  }

  show(node: HTMLElement, focus = false): void {
    this.#log.toEnd();
    this.#log.add(node);
    if (!focus) return;
    node.querySelector<HTMLElement>('input:not(:disabled),select,textarea,button')?.focus({ preventScroll: true });
    node.scrollIntoView({ block: 'nearest' });
  }

  announce(text: string): void { this.#log.announce(text); }

  callPerson(): void {
    void this.#enter().then(() => this.#persons.call(this.#talk.session)).then((asked) => {
      this.#talk.stay = asked && (this.#persons.waiting || Boolean(this.#persons.name));
      if (this.#talk.stay) { this.#talk.kept(); void this.#talk.follow(); }
      this.focus();
    });
  }

  #rate(): void {
    if (this.#rated || !this.#answers.size) return note(this, this.t.say(this.#rated ? 'rated' : 'nothing_to_rate'));
    this.#rated = true;
    this.show(ratingForm(this), true);
  }

  /** `kept`: what the law has the shop keep, in its words. */
  #erased(kept: string): void {
    this.#talk.forget();
    this.#empty();
    this.#rated = false;
    note(this, `${this.t.say('erased')} ${kept}`.trim());
    this.focus();
  }
}

export const start: StartPanel = (host, texts, language) => {
  const sheets = host.shadowRoot!.adoptedStyleSheets;
  if (sheets.length < 2) {
    const style = new CSSStyleSheet();
    style.replaceSync(sheet);
    sheets.push(style);
  }
  return new Room(host, new Texts(language, host.locale, texts));
};
