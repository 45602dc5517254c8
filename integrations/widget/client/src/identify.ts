/** Proving to know an order, by its number and the e-mail address or postcode it was bought with. */

import { field, form, type Fault } from './forms';
import { h } from './nodes';
import type { Desk } from './shapes';

export function identifyForm(desk: Desk, orderId: string): HTMLElement {
  const { t } = desk;
  const number = field(t.say('order_number'), { name: 'order', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', dir: 'ltr', required: true, maxlength: 64, value: orderId || null });
  const proof = field(t.say('either'), { name: 'proof', autocomplete: 'email', autocapitalize: 'none', spellcheck: 'false', dir: 'ltr', required: true, maxlength: 254 });
  const made = form(desk, t.say('identify'), [number.element, proof.element], t.say('find'), async () => {
    const said = proof.value();
    const known = said.includes('@') ? { email: said } : { postcode: said };
    const told = await desk.api<{ identified: boolean; code?: string; order_id?: string }>('POST', '/v1/identify', { order_id: number.value(), ...known });
    if (!told.identified) throw Object.assign(new Error(), { words: t.say(told.code === 'too_many' ? 'too_many' : 'no_match') }) as Fault;
    const found = t.say('found', { number: told.order_id ?? number.value() });
    made.replaceWith(h('p', { class: 'note-line good' }, found));
    desk.announce(found);
    desk.say(t.say('order', { number: told.order_id ?? number.value() }));
  });
  made.classList.add('identify');
  return made;
}
