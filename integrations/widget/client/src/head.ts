/** The top of the panel: who one talks with, and before the first word, that it is a machine. */

import { BACK, CLOSE } from './icons';
import { h, icon, safeAddress } from './nodes';
import { image } from './cards';
import { menu } from './service';
import type { Desk, Session } from './shapes';
import type { TextKey } from './texts';

export class Head {
  readonly element: HTMLElement;
  readonly notice: HTMLElement;
  #title: HTMLElement;
  #badge: HTMLElement;
  #sub = h('span', { class: 'sub' });
  #mark: HTMLElement;
  #privacy: HTMLElement;
  #notice: HTMLElement;
  #shop = '';

  constructor(private readonly desk: Desk, entries: [TextKey, () => void][]) {
    const { t, host } = desk;
    this.#title = h('h2', { id: 'title', dir: 'auto' }, this.#named());
    this.#badge = h('span', { class: 'badge', part: 'badge' }, t.say('ai'));
    this.#mark = h('span', { class: 'mark', 'aria-hidden': 'true' });
    const shut = (name: string, lines: string, look = '') => h('button', { type: 'button', class: `tool ${name}`, 'aria-label': t.say('close'), click: () => host.close() }, icon(lines, look));
    this.element = h('div', { class: 'head', part: 'header' }, shut('back', BACK, 'flip'), this.#mark,
      h('div', { class: 'who' }, h('div', {}, this.#title, this.#badge), this.#sub), menu(desk, entries), shut('close', CLOSE));
    this.#privacy = h('span', {});
    this.#notice = h('span', {}, t.say('notice'));
    this.notice = h('div', { class: 'note', part: 'notice' }, this.#notice, ' ',
      h('span', { class: 'links' }, h('button', { type: 'button', class: 'person', click: () => desk.callPerson() }, t.say('want_person')), this.#privacy));
    this.#link(host.setting('privacy-url'));
    this.#logo(host.setting('logo'));
  }

  #named(): string {
    const given = this.desk.host.setting('title');
    return given || (this.#shop ? this.desk.t.say('title', { shop: this.#shop }) : this.desk.t.say('assistant'));
  }

  /** Who it is, once the server has said. */
  meet(session: Session): void {
    this.#shop = session.shop?.name ?? '';
    this.assistant();
    const { host } = this.desk;
    this.#link(host.setting('privacy-url') || session.shop?.privacy_url || '');
    this.#logo(host.setting('logo') || session.shop?.logo || '');
  }

  #link(address: string): void {
    const safe = address && safeAddress(address, this.desk.host.server);
    this.#privacy.replaceChildren(...(safe ? [' · ', h('a', { href: safe, target: '_blank', rel: 'noopener' }, this.desk.t.say('privacy'))] : []));
  }

  #logo(address: string): void {
    this.#mark.replaceChildren(image(this.desk, this.#shop || this.#named(), address));
  }

  assistant(): void {
    this.#show(this.#named(), this.desk.t.say('ai'), '');
    this.#notice.textContent = this.desk.t.say('notice');
    this.notice.classList.remove('manned');
  }

  person(name: string): void {
    this.#show(name, this.desk.t.say('person'), this.#shop);
    this.#notice.textContent = this.desk.t.say('with_person');
    this.notice.classList.add('manned');
  }

  #show(title: string, badge: string, sub: string): void {
    this.#title.textContent = title;
    this.#badge.textContent = badge;
    this.#sub.textContent = sub;
    this.#badge.classList.toggle('good', badge !== this.desk.t.say('ai'));
    if (!this.#mark.querySelector('img')) this.#logo(badge === this.desk.t.say('ai') ? this.desk.host.setting('logo') : '');
  }
}
