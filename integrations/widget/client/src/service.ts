/** What the menu offers: a transcript to take or to be sent, an end with a rating, and deletion. */

import { MORE } from './icons';
import { save } from './files';
import { field, form, unique } from './forms';
import { h, icon } from './nodes';
import type { Desk } from './shapes';
import { Refused } from './talk';
import type { TextKey } from './texts';

/** A button with a menu that arrows, Home, End and Escape work in. */
export function menu(desk: Desk, entries: [TextKey, () => void][]): HTMLElement {
  const { t } = desk;
  const id = unique();
  const items = entries.map(([key, act]) => h('button', { type: 'button', role: 'menuitem', tabindex: -1, click: () => { shut(false); act(); } }, t.say(key)));
  const list = h('div', { role: 'menu', id, class: 'menu', hidden: true, 'aria-label': t.say('menu') }, ...items);
  const button = h('button', { type: 'button', class: 'tool', 'aria-label': t.say('menu'), 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': id, click: () => (list.hidden ? open() : shut(true)) }, icon(MORE, 'bold'));

  function open(): void {
    list.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    items[0]?.focus();
  }

  function shut(back: boolean): void {
    if (list.hidden) return;
    list.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    if (back) button.focus();
  }

  const around = h('div', {
    class: 'menu-place',
    keydown: (event: KeyboardEvent) => {
      if (list.hidden) return;
      const at = items.findIndex((item) => item.matches(':focus'));
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) { event.preventDefault(); items[to % items.length]?.focus(); }
      if (event.key === 'Escape') { event.stopPropagation(); shut(true); }
    },
    focusout: (event: FocusEvent) => { if (!around.contains(event.relatedTarget as Node | null)) shut(false); },
  }, button, list);
  return around;
}

/** Save the conversation as a file. */
export async function download(desk: Desk, request: (path: string) => Promise<Response>): Promise<void> {
  try {
    const reply = await request('/v1/transcript?format=html');
    if (!reply.ok) throw new Refused(reply.status, '', '');
    save(await reply.blob(), `chat-${new Date().toISOString().slice(0, 10)}.html`);
  } catch {
    note(desk, desk.t.say('error'));
  }
}

export function note(desk: Desk, words: string): void {
  desk.show(h('p', { class: 'note-line' }, words));
  desk.announce(words);
}

export function mailForm(desk: Desk): HTMLElement {
  const { t } = desk;
  const email = field(t.say('email'), { name: 'email', type: 'email', autocomplete: 'email', dir: 'ltr', required: true, maxlength: 254 });
  const made = form(desk, t.say('mail'), [email.element], t.say('send'), async () => {
    try {
      await desk.api('POST', '/v1/transcript', { email: email.value() });
    } catch (error) {
      if (error instanceof Refused && error.code === 'no_mail') throw Object.assign(new Error(), { words: t.say('no_mail') });
      throw error;
    }
    made.replaceWith(h('p', { class: 'note-line good' }, t.say('mail_sent', { email: email.value() })));
    desk.announce(t.say('mail_sent', { email: email.value() }));
  }, dropper(desk, 'cancel', () => made));
  return made;
}

export function eraseForm(desk: Desk, erased: (kept: string) => void): HTMLElement {
  const { t } = desk;
  const made = form(desk, t.say('erase'), [h('p', {}, t.say('erase_ask'))], t.say('erase_yes'), async () => {
    const { kept } = await desk.api<{ kept?: string }>('POST', '/v1/erase', {});
    erased(kept ?? '');
  }, dropper(desk, 'cancel', () => made));
  made.querySelector('.main')!.classList.add('danger');
  return made;
}

/** How it went: one to five, with a word if they like. Asked once. */
export function ratingForm(desk: Desk): HTMLElement {
  const { t } = desk;
  const name = unique();
  const stars = [1, 2, 3, 4, 5].map((star) => {
    const words = t.say(`star${star}` as TextKey);
    const id = unique();
    return h('span', { class: 'star' }, h('input', { type: 'radio', name, value: star, id, required: true, 'aria-label': `${t.number(star)}: ${words}` }), h('label', { for: id, title: words }, t.number(star)));
  });
  const comment = field(t.say('comment'), { name: 'comment', maxlength: 2000, dir: 'auto' }, true);
  const made = form(desk, t.say('how'), [
    h('fieldset', { class: 'stars' }, h('legend', { class: 'vh' }, t.say('how')), ...stars),
    h('p', { class: 'ends hint', 'aria-hidden': 'true' }, h('span', {}, t.say('star1')), h('span', {}, t.say('star5'))), comment.element,
  ], t.say('send'), async () => {
    const picked = Number(made.querySelector<HTMLInputElement>('input[type=radio]:checked')!.value);
    await desk.api('POST', '/v1/rating', { stars: picked, comment: comment.value() });
    desk.host.tell('rating', { stars: picked });
    made.replaceWith(h('p', { class: 'note-line good' }, t.say('rated')));
    desk.announce(t.say('rated'));
  }, dropper(desk, 'skip', () => made));
  made.classList.add('rating');
  return made;
}

function dropper(desk: Desk, key: TextKey, box: () => HTMLElement): HTMLElement {
  return h('button', { type: 'button', class: 'plain', click: () => { box().remove(); desk.focus(); } }, desk.t.say(key));
}
