/** Sending goods back: tick, say why, read what it comes to, confirm. Nothing is booked before the last. */

import { choice, form, unique, wordsOf, type Fault } from './forms';
import { CHECK } from './icons';
import { h, icon } from './nodes';
import { itemRow } from './order';
import type { ActionTold, Desk, Returnable, ReturnOptions } from './shapes';

/** Begin a return or an exchange of an order. */
export async function startReturn(desk: Desk, orderId: string): Promise<void> {
  try {
    const options = await desk.api<ReturnOptions>('GET', `/v1/orders/${encodeURIComponent(orderId)}/return-options`);
    desk.show(returnForm(desk, options), true);
  } catch (error) {
    desk.show(h('p', { class: 'note-line' }, wordsOf(desk, error)));
    desk.announce(wordsOf(desk, error));
  }
}

/** One entry for each piece. */
const each = (lines: Line[], entry: (line: Line) => string): string[] => lines.flatMap((line) => Array.from({ length: Number(line.pieces?.value ?? 1) }, () => entry(line)));

interface Line { item: Returnable; box: HTMLInputElement; other: HTMLSelectElement | null; pieces: HTMLSelectElement | null; element: HTMLElement }

function returnForm(desk: Desk, options: ReturnOptions): HTMLElement {
  const { t } = desk;
  const lines = options.items.map((item) => line(desk, item, options.currency ?? ''));
  const swaps = options.items.some((item) => item.returnable && item.exchanges?.length);
  const ways = swaps ? radios(t.say('instead'), [['refund', t.say('refund')], ['exchange', t.say('exchange')]], mark) : null;
  const reason = choice(t.say('reason'), options.reasons.map(({ code, words }) => ({ value: code, words })));
  const method = choice(t.say('refund_to'), options.methods.map((entry) => ({ value: entry.payment_method_id, words: entry.words })));

  function mark(): void {
    const swap = ways?.value() === 'exchange';
    for (const { box, other, pieces, item } of lines) {
      if (other) other.parentElement!.hidden = !(swap && box.checked);
      if (pieces) pieces.parentElement!.hidden = !box.checked;
      box.disabled = !item.returnable || (swap && !other);
      if (box.disabled) box.checked = false;
    }
  }

  lines.forEach(({ box }) => box.addEventListener('change', mark));
  mark();
  const list = h('fieldset', {}, h('legend', {}, t.say('which')), h('ul', { class: 'items' }, ...lines.map(({ element }) => h('li', {}, element))));
  const fields = [list, ways?.element, options.reasons.length ? reason.element : null, options.methods.length ? method.element : null, options.until ? h('p', { class: 'hint' }, t.say('until', { date: t.moment(options.until, 'date') })) : null];

  const made = form(desk, t.say('start_return'), fields.filter((node): node is HTMLElement => Boolean(node)), t.say('continue'), async () => {
    const ticked = lines.filter(({ box }) => box.checked);
    if (!ticked.length) throw Object.assign(new Error(), { words: t.say('tick_one') }) as Fault;
    const swap = ways?.value() === 'exchange';
    const told = await desk.api<ActionTold>('POST', '/v1/actions', {
      action: swap ? 'exchange_items' : 'return_items',
      arguments: {
        order_id: options.order_id, item_ids: each(ticked, ({ item }) => item.item_id),
        ...(swap && { new_item_ids: each(ticked, ({ other }) => other!.value) }),
        ...(options.methods.length && { payment_method_id: method.value() }),
      },
    });
    const card = actionCard(desk, told, () => { card.replaceWith(made); made.querySelector<HTMLElement>('input')?.focus(); });
    made.replaceWith(card);
    focusOn(card);
    desk.announce(told.message);
  });
  made.classList.add('return');
  return made;
}

function line(desk: Desk, item: Returnable, currency: string): Line {
  const id = unique();
  const why = unique();
  const box = h('input', { type: 'checkbox', id, disabled: !item.returnable, 'aria-describedby': item.returnable ? null : why });
  const open = item.exchanges?.filter((other) => other.available) ?? [];
  const swap = open.length ? choice(desk.t.say('exchange_for'), open.map((other) => ({ value: other.item_id, words: other.price && currency ? `${other.name} · ${desk.t.money(other.price, currency)}` : other.name }))) : null;
  const many = item.quantity ?? 1;
  const pieces = many > 1 && item.returnable ? choice(desk.t.say('pieces'), Array.from({ length: many }, (_, n) => ({ value: String(n + 1), words: desk.t.number(n + 1) }))) : null;
  const element = h('div', { class: 'tick' }, box, h('label', { for: id }, ...itemRow(desk, item, currency)),
    item.returnable ? null : h('p', { class: 'hint', id: why }, item.why_not ?? desk.t.say('not_possible')), pieces?.element, swap?.element);
  return { item, box, other: swap?.element.querySelector('select') ?? null, pieces: pieces?.element.querySelector('select') ?? null, element };
}

export function radios(legend: string, options: [string, string][], changed: () => void): { element: HTMLElement; value(): string } {
  const name = unique();
  const inputs = options.map(([value], n) => h('input', { type: 'radio', name, value, id: unique(), checked: n === 0, change: changed }));
  const element = h('fieldset', { class: 'ways' }, h('legend', {}, legend), ...inputs.map((input, n) => h('span', { class: 'way' }, input, h('label', { for: input.id }, options[n]![1]))));
  return { element, value: () => inputs.find((input) => input.checked)?.value ?? '' };
}

/** What an action comes to, to be confirmed; or what became of it. */
export function actionCard(desk: Desk, told: ActionTold, change?: () => void): HTMLElement {
  const { t } = desk;
  const waits = told.status === 'needs_confirmation' && told.token;
  const title = waits ? t.say('check') : told.status === 'done' ? t.say('booked') : told.status === 'needs_approval' ? t.say('approval') : t.say('not_possible');
  const card = h('section', { class: `box action ${told.status}`, part: 'action', tabindex: -1, 'aria-label': title, 'data-operation': told.operation_id },
    h('header', {}, told.status === 'done' ? h('span', { class: 'seal' }, icon(CHECK)) : null, h('h3', {}, title)), ...message(told.message));
  if (!waits) return card;
  const fault = h('p', { class: 'fault', role: 'alert' });
  const yes = h('button', { type: 'button', class: 'main', click: () => void decide('confirm', { token: told.token }) }, t.say('confirm'));
  const no = h('button', { type: 'button', class: 'plain', click: () => void decide('cancel', {}) }, t.say('change'));
  card.append(fault, h('div', { class: 'pair' }, yes, no));

  async function decide(what: 'confirm' | 'cancel', body: object): Promise<void> {
    if (yes.disabled) return;
    yes.disabled = no.disabled = true;
    fault.textContent = '';
    try {
      const outcome = await desk.api<ActionTold>('POST', `/v1/actions/${encodeURIComponent(told.operation_id)}/${what}`, body);
      if (what === 'cancel' && change) return change();
      const after = actionCard(desk, { ...outcome, action: outcome.action ?? told.action, operation_id: told.operation_id });
      card.replaceWith(after);
      focusOn(after);
      desk.announce(outcome.message);
    } catch (error) {
      fault.textContent = wordsOf(desk, error);
      yes.disabled = no.disabled = false;
    }
  }

  return card;
}

const focusOn = (card: HTMLElement) => { card.focus({ preventScroll: true }); card.scrollIntoView({ block: 'nearest' }); };

/** The server's words, line by line; what begins with a dot is a list, amounts at their end. */
function message(text: string): HTMLElement[] {
  const made: HTMLElement[] = [];
  let rows: HTMLElement | null = null;
  for (const line of text.split('\n').map((each) => each.trim()).filter(Boolean)) {
    const amount = /^(?:•\s*)?(.+?)[:：]\s*([^:：]*\d[^:：]*)$/u.exec(line);
    if (line.startsWith('•') || (rows && amount)) {
      if (!rows) made.push((rows = h('ul', { class: 'lines' })));
      const [, label, sum] = amount ?? [];
      rows.append(h('li', {}, h('span', { dir: 'auto' }, label ?? line.replace(/^•\s*/, '')), sum ? h('bdi', {}, sum) : null));
      if (!line.startsWith('•')) { rows.lastElementChild!.className = 'sum'; rows = null; }
    } else {
      rows = null;
      made.push(h('p', { dir: 'auto' }, line));
    }
  }
  return made;
}
