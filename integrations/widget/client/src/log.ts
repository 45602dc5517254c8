/** The conversation's log: keeps to its end unless the shopper scrolls up, and says what is new at a calm pace. */

import { h, icon } from './nodes';
import { DOWN } from './icons';
import type { Texts } from './texts';

const CALM = 1000;

export class Log {
  readonly element: HTMLElement;
  readonly status = h('div', { role: 'status', class: 'vh' });
  readonly pill: HTMLButtonElement;
  #pinned = true;
  #revealed = false;
  #waiting: string[] = [];
  #spoken = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(t: Texts) {
    // A log that announced itself would read every few words of an answer: `status` says whole blocks instead.
    this.element = h('div', { role: 'log', class: 'log', part: 'log', 'aria-live': 'off', 'aria-busy': 'false', 'aria-label': t.say('conversation'), tabindex: 0 });
    this.pill = h('button', { type: 'button', class: 'pill', hidden: true, click: () => this.toEnd() }, t.say('newest'), icon(DOWN));
    this.element.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.element;
      this.#pinned = scrollHeight - scrollTop - clientHeight < 48;
      if (this.#pinned) this.pill.hidden = true;
    }, { passive: true });
  }

  add(...nodes: HTMLElement[]): void {
    this.#revealed = false;
    this.element.append(...nodes);
    this.settle();
  }

  /** After something grew: stay at the end, or offer to go there. */
  settle(): void {
    if (this.#pinned) this.element.scrollTop = 1e7;
    else if (!this.#revealed) this.pill.hidden = false;
  }

  /** Show something that came whole: from its beginning, where it is taller than what can be seen. */
  reveal(node: HTMLElement): void {
    const { clientHeight } = this.element;
    if (!this.#pinned || !clientHeight || node.offsetHeight < clientHeight - 40) return this.settle();
    // Its rest is not news: nothing covers it.
    this.#pinned = false;
    this.#revealed = true;
    this.element.scrollTop += node.getBoundingClientRect().top - this.element.getBoundingClientRect().top - 14;
  }

  toEnd(): void {
    this.#pinned = true;
    this.#revealed = false;
    this.pill.hidden = true;
    this.element.scrollTop = 1e7;
  }

  /** Say to a screen reader: at most once a second, what has gathered. */
  announce(text: string): void {
    if (text.trim()) this.#waiting.push(text.trim());
    if (!this.#waiting.length || this.#timer) return;
    const rest = Math.max(60, this.#spoken + CALM - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#spoken = Date.now();
      this.status.textContent = this.#waiting.join('\n');
      this.#waiting = [];
    }, rest);
  }
}
