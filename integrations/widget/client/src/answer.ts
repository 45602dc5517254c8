/** One answer: its text as it comes, its sources, what it shows, and whether it helped. */

import { cards } from './cards';
import { DOWN_THUMB, UP_THUMB } from './icons';
import { identifyForm } from './identify';
import type { Log } from './log';
import { Growing, type Marks } from './markdown';
import { h, icon, safeAddress } from './nodes';
import { orderCard } from './order';
import { actionCard } from './returns';
import type { ActionTold, Card, Citation, Desk, Order } from './shapes';

const BATCH = 80;
/** The longest a batch waits, and how many times what showing the last one took: a slow device gets fewer and larger ones. */
const LONGEST = 200, REST = 8;

export class Answer {
  readonly element: HTMLElement;
  #text = '';
  #growing: Growing | null = null;
  #said: HTMLElement | null = null;
  #step: HTMLElement | null = null;
  #sources: HTMLElement | null = null;
  #titles = new Map<number, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #batch = BATCH;
  #ended = false;
  #chips: HTMLElement | null = null;

  /** `live`: it is being written now, not one of before. */
  constructor(private readonly desk: Desk, private readonly log: Log, readonly turn: string, private readonly live = true) {
    this.element = h('div', { class: 'answer', part: 'answer' });
  }

  get isEmpty(): boolean { return !this.element.childElementCount; }

  step(words: string): void {
    if (this.#ended) return;
    this.#step?.remove();
    this.#step = words ? h('p', { class: 'step' }, h('span', { class: 'dots', 'aria-hidden': 'true' }), words) : null;
    if (this.#step) this.element.append(this.#step);
    this.log.settle();
  }

  write(text: string): void {
    this.#text += text;
    this.#timer ??= setTimeout(() => this.#flush(false), this.live ? this.#batch : 0);
  }

  #flush(ended: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#text) return;
    const began = performance.now();
    const step = this.#step;
    if (!this.#said) {
      const { language } = this.desk.t;
      const into = h('div', { class: 'text', dir: 'auto' });
      this.#said = h('div', { class: 'said', part: 'bubble', lang: language }, h('span', { class: 'vh' }, `${this.desk.t.say('assistant')}: `), into);
      this.#growing = new Growing(into, this.#marks());
      this.element.insertBefore(this.#said, this.element.firstChild);
    }
    if (step) { step.remove(); this.#step = null; }
    const complete = this.#growing!.show(this.#text, ended);
    if (this.live) for (const block of complete) this.log.announce(block);
    this.log.settle();
    if (this.live && !ended) this.#pace(performance.now() - began);
  }

  /** How long the next batch gathers, by what this one cost: `spent` to build, and its frame to draw, in ms. */
  #pace(spent: number): void {
    requestAnimationFrame(() => { const drawn = performance.now(); setTimeout(() => {
      this.#batch = Math.min(LONGEST, Math.max(BATCH, REST * (spent + performance.now() - drawn)));
    }); });
  }

  #marks(): Marks {
    return { server: this.desk.host.server, cite: (number) => h('button', { type: 'button', class: 'cite', 'data-number': number, 'aria-label': this.#citeName(number), click: () => this.#openSource(number) }, String(number)) };
  }

  #citeName(number: number): string {
    return this.desk.t.say('source', { number, title: this.#titles.get(number) ?? '' }).replace(/[:：]?\s*$/u, '');
  }

  #openSource(number: number): void {
    const found = this.#sources?.querySelector<HTMLElement>(`li[value="${number}"]`);
    if (!found) return;
    found.closest('details')!.open = true;
    found.focus();
    found.scrollIntoView({ block: 'nearest' });
  }

  /** Something beside the text, by the name of its event. */
  custom(name: string, value: Record<string, unknown>): void {
    this.#flush(false);
    const { desk } = this;
    switch (name) {
      case 'citations': this.#cite(value['citations'] as Citation[]); break;
      case 'cards': this.#add(cards(desk, value['cards'] as Card[])); break;
      case 'order': this.#add(orderCard(desk, value['order'] as Order)); break;
      case 'identify': this.#add(identifyForm(desk, String(value['order_id'] ?? ''))); break;
      case 'action': this.#action(value as unknown as ActionTold); break;
      case 'suggestions': this.#suggest(value['suggestions'] as string[]); break;
    }
  }

  #add(node: HTMLElement | null): void {
    if (!node) return;
    this.element.insertBefore(node, this.#step);
    if (this.live) this.log.reveal(node);
  }

  #action(told: ActionTold): void {
    const earlier = [...this.log.element.querySelectorAll<HTMLElement>('.action')].find((card) => card.dataset['operation'] === told.operation_id && told.operation_id);
    const card = actionCard(this.desk, told);
    if (earlier && this.live) earlier.replaceWith(card);
    else this.#add(card);
  }

  #cite(citations: Citation[]): void {
    if (!citations.length) return;
    const { t, host } = this.desk;
    for (const { number, title } of citations) this.#titles.set(number, title);
    const entries = citations.map((entry) => {
      const own = entry.url.startsWith('/');
      const address = safeAddress(own ? `${entry.url}?locale=${encodeURIComponent(entry.locale)}` : entry.url, host.server);
      return h('li', { value: entry.number, tabindex: -1 },
        h('bdi', { class: 'title' }, entry.title),
        h('blockquote', { dir: 'auto', lang: entry.locale || null }, entry.quote),
        address && entry.url && h('a', { href: address, target: '_blank', rel: 'noopener' }, t.say('open_source'), h('span', { class: 'vh' }, `: ${entry.title}`)));
    });
    this.#sources = h('details', { class: 'sources' }, h('summary', {}, `${t.say('sources')} (${t.number(citations.length)})`), h('ol', {}, ...entries));
    this.#add(this.#sources);
    this.#said?.querySelectorAll<HTMLElement>('.cite').forEach((mark) => mark.setAttribute('aria-label', this.#citeName(Number(mark.dataset['number']))));
  }

  #suggest(texts: string[]): void {
    this.#chips?.remove();
    this.#chips = chips(texts, (text) => this.desk.say(text));
    this.#add(this.#chips);
  }

  /** Its end: what is complete is said, and it may be judged. */
  end(judged: boolean, helpful = 0): void {
    this.step('');
    this.#flush(true);
    this.#ended = true;
    // A number that has no source is a number.
    this.#said?.querySelectorAll<HTMLElement>('.cite').forEach((mark) => { if (!this.#titles.has(Number(mark.dataset['number']))) mark.replaceWith(`[${mark.dataset['number']}]`); });
    if (judged && this.#said) this.element.insertBefore(this.#thumbs(helpful), this.#chips);
    this.log.settle();
  }

  #thumbs(helpful: number): HTMLElement {
    const { desk } = this;
    const judge = (score: number, name: 'helpful' | 'unhelpful', lines: string) => h('button', {
      type: 'button', class: 'thumb', 'aria-label': desk.t.say(name), title: desk.t.say(name), 'aria-pressed': String(helpful === score),
      click: ({ currentTarget }: Event) => {
        const pressed = currentTarget as HTMLElement;
        const score_ = pressed.getAttribute('aria-pressed') === 'true' ? 0 : score;
        for (const other of pressed.parentElement!.children) other.setAttribute('aria-pressed', String(other === pressed && score_ !== 0));
        desk.host.tell('rating', { turn: this.turn, score: score_ });
        desk.api('POST', '/v1/feedback', { turn: this.turn, score: score_ }).then(() => desk.announce(desk.t.say('thanks')), () => undefined);
      },
    }, icon(lines));
    return h('div', { class: 'thumbs', role: 'group', 'aria-label': desk.t.say('rate') }, judge(1, 'helpful', UP_THUMB), judge(-1, 'unhelpful', DOWN_THUMB));
  }
}

/** Things to ask by a press; gone once one is pressed or something else is asked. */
export function chips(texts: string[], press: (text: string) => void): HTMLElement {
  return h('div', { class: 'chips' }, ...texts.map((text) => h('button', { type: 'button', class: 'chip', dir: 'auto', click: () => press(text) }, text)));
}
