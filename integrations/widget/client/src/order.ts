/** An order: how far it is, step by step, and what can be done with it. */

import { image } from './cards';
import { h, safeAddress, type Child } from './nodes';
import { startReturn } from './returns';
import type { Desk, Item, Order, Step } from './shapes';

const BACK_HOME = ['return_items', 'exchange_items', 'withdraw'];

export function orderCard(desk: Desk, order: Order): HTMLElement {
  const { t } = desk;
  const track = order.tracking_url ? safeAddress(order.tracking_url, desk.host.server) : '';
  const currency = order.currency ?? '';
  return h('section', { class: 'box order', part: 'order', 'aria-label': t.say('order', { number: order.order_id }) },
    h('header', {}, h('h3', {}, ...around(t.say('order', { number: '\0' }), order.order_id)), h('span', { class: 'badge good' }, order.status_words ?? order.status)),
    order.placed_at ? h('p', { class: 'hint' }, t.say('placed', { date: t.moment(order.placed_at, 'date') })) : null,
    order.timeline?.length ? h('ol', { class: 'timeline', 'aria-label': t.say('progress') }, ...steps(desk, order.timeline)) : null,
    order.expected ? h('p', { class: 'expected', dir: 'auto' }, /^\d{4}-\d\d-\d\d/.test(order.expected) ? t.say('expected', { date: t.moment(order.expected, 'date') }) : order.expected) : null,
    order.items?.length ? h('ul', { class: 'items', 'aria-label': t.say('items') }, ...order.items.map((item) => h('li', {}, ...itemRow(desk, item, currency)))) : null,
    order.total ? h('p', { class: 'total' }, h('span', {}, t.say('total')), h('bdi', {}, t.money(order.total, currency))) : null,
    h('div', { class: 'pair' },
      track ? h('a', { class: 'plain', href: track, target: '_blank', rel: 'noopener' }, t.say('track', { carrier: order.carrier || order.tracking_number || '' })) : null,
      order.actions?.some((name) => BACK_HOME.includes(name)) ? h('button', { type: 'button', class: 'plain', click: () => void startReturn(desk, order.order_id) }, t.say('start_return')) : null,
      h('button', { type: 'button', class: 'plain', click: () => desk.callPerson() }, t.say('wrong'))),
    h('p', { class: 'hint' }, ...(!track && order.tracking_number ? [`${order.carrier ?? ''} `, h('bdi', { dir: 'ltr' }, order.tracking_number), ' · '] : []), order.checked_at ? t.say('updated', { time: t.moment(order.checked_at, 'time') }) : null));
}

/** A sentence with a number in it that keeps its own direction. */
function around(sentence: string, number: string): Child[] {
  const [before, after] = sentence.split('\0');
  return [before, h('bdi', { dir: 'ltr' }, number), after];
}

function steps(desk: Desk, timeline: Step[]): HTMLElement[] {
  const now = timeline.findIndex((step) => step.current);
  return timeline.map((step, n) => {
    const state = n === now ? 'now' : now < 0 ? (step.at ? 'done' : 'ahead') : n < now ? 'done' : 'ahead';
    return h('li', { class: state, 'aria-current': state === 'now' ? 'step' : null },
      h('span', {}, step.words, state === 'now' ? h('span', { class: 'vh' }, ` (${desk.t.say('now')})`) : null, state === 'done' ? h('span', { class: 'vh' }, ` (${desk.t.say('done')})`) : null),
      step.at || step.place ? h('small', {}, [desk.t.moment(step.at), step.place].filter(Boolean).join(' · ')) : null);
  });
}

/** An item with its picture, how many and the price. */
export function itemRow(desk: Desk, item: Item, currency: string): HTMLElement[] {
  const several = (item.quantity ?? 1) > 1 ? `${desk.t.number(item.quantity!)} × ` : '';
  return [
    image(desk, item.name, item.image),
    h('span', { class: 'name' }, h('span', { dir: 'auto' }, several + item.name), item.variant ? h('small', { dir: 'auto' }, item.variant) : null),
    ...(item.price && currency ? [h('bdi', {}, desk.t.money(item.price, currency))] : []),
  ];
}
