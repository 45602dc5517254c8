/** People of the shop: asked for, waited for, there, gone. */

import { fileShown, names } from './files';
import { h } from './nodes';
import { PERSON } from './icons';
import { icon } from './nodes';
import { note } from './service';
import type { Composer } from './composer';
import type { Head } from './head';
import type { Log } from './log';
import type { Desk, Handoff, Hours, PersonMessage, Session } from './shapes';

type Called = Partial<Hours> & { reference: string; message: string; email?: string };

export class Persons {
  /** Their name while they have the conversation. */
  name = '';
  waiting = false;
  #card: HTMLElement | null = null;
  #typing: HTMLElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #messages = new Map<string, HTMLElement>();

  constructor(private readonly desk: Desk, private readonly head: Head, private readonly log: Log, private readonly composer: Composer) {}

  /** Ask for a person. Asked again while one is waited for, it asks nothing new. */
  async call(session: Session | null): Promise<boolean> {
    if (this.waiting || this.name) { this.#card?.scrollIntoView({ block: 'nearest' }); this.#card?.focus(); return true; }
    try {
      const told = await this.desk.api<Called>('POST', '/v1/handoff', {});
      this.wait(told.reference, told.message, { ...session?.hours, ...told } as Hours);
      this.desk.host.tell('handoff', { reference: told.reference });
      return true;
    } catch {
      note(this.desk, this.desk.t.say('error'));
      return false;
    }
  }

  wait(reference: string, message: string, hours?: Hours): void {
    const { t } = this.desk;
    this.waiting = true;
    this.#card?.remove();
    const minutes = hours?.open_now ? hours.wait_minutes : null;
    this.#card = h('section', { class: 'box waiting', part: 'handoff', tabindex: -1, 'aria-label': t.say('waiting') },
      h('header', {}, h('span', { class: 'seal' }, icon(PERSON)), h('h3', {}, t.say('waiting'))),
      message ? h('p', { dir: 'auto' }, message) : null,
      minutes != null ? h('p', { class: 'hint' }, t.say('wait', { time: t.minutes(minutes) })) : null,
      hours?.open_now && hours.closes ? h('p', { class: 'hint' }, t.say('open_until', { time: hours.closes })) : null,
      h('p', { class: 'hint' }, t.say('reference', { number: '' }), h('bdi', { dir: 'ltr' }, reference)));
    this.desk.show(this.#card);
    this.desk.announce(`${t.say('waiting')}. ${message}`);
  }

  /** What became of it. Returns whether it was settled by a person. */
  changed(handoff: Handoff, live: boolean): boolean {
    const { t } = this.desk;
    if (handoff.status === 'waiting') { this.wait(handoff.reference, handoff.message ?? '', handoff as unknown as Hours); return false; }
    this.#card?.remove();
    this.#card = null;
    this.waiting = false;
    this.typing(false);
    if (handoff.status === 'claimed') {
      this.name = handoff.name;
      this.head.person(handoff.name);
      this.composer.name(t.say('message_to', { name: handoff.name }));
      if (live) this.#line(t.say('joined', { name: handoff.name }));
      return false;
    }
    if (live && this.name) this.#line(t.say('left', { name: handoff.name || this.name }));
    this.name = '';
    this.head.assistant();
    this.composer.name(t.say('ask'));
    return live && handoff.status === 'resolved';
  }

  #line(words: string): void {
    this.desk.show(h('p', { class: 'note-line', dir: 'auto' }, words));
    this.desk.announce(words);
  }

  said(message: PersonMessage, live: boolean): void {
    this.typing(false);
    if (message.speaker === 'shopper' || this.#corrected(message)) return;
    const { t } = this.desk;
    const files = message.attachments ?? [];
    const words = h('p', {}, names(message.text, files) ? '' : message.text);
    const bubble = h('div', { class: 'said human', part: 'bubble person', dir: 'auto' },
      h('small', {}, h('bdi', {}, message.name), h('span', { class: 'vh' }, ` (${t.say('person')}): `), message.at ? h('time', { datetime: message.at }, t.moment(message.at, 'time')) : null), ...files.map((file) => fileShown(this.desk, file)), words);
    this.log.add(bubble);
    if (message.id) this.#messages.set(message.id, bubble);
    if (live) this.log.announce(`${message.name}: ${message.text}`);
  }

  /** Whether it was said before: other words are in its place then, or none where it was taken back. */
  #corrected(message: PersonMessage): boolean {
    const known = message.id ? this.#messages.get(message.id) : undefined;
    if (known && message.text) known.lastElementChild!.textContent = message.text;
    else known?.remove();
    return Boolean(known) || Boolean(message.edited);
  }

  typing(is: boolean): void {
    clearTimeout(this.#timer);
    this.#typing?.remove();
    this.#typing = null;
    if (!is) return;
    this.#typing = h('p', { class: 'step' }, h('span', { class: 'dots', 'aria-hidden': 'true' }), this.desk.t.say('typing', { name: this.name || this.desk.t.say('person') }));
    this.log.add(this.#typing);
    this.#timer = setTimeout(() => this.typing(false), 6000);
  }
}
