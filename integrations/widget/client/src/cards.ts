/** Products: facts come from the shop, by the server; nothing here is the model's text. */

import { BACK, FORTH } from './icons';
import { h, icon, safeAddress } from './nodes';
import type { Card, Desk, Variant } from './shapes';

const FEW = 5;

export function cards(desk: Desk, entries: Card[]): HTMLElement | null {
  if (!entries.length) return null;
  const { t } = desk;
  const list = h('ul', {}, ...entries.map((card) => h('li', { class: 'card', part: 'card' }, ...product(desk, card))));
  const move = (by: number) => list.scrollBy({ left: by * list.clientWidth * 0.8 * (getComputedStyle(list).direction === 'rtl' ? -1 : 1), behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth' });
  const checked = t.moment(entries.find((card) => card.checked_at)?.checked_at, 'time');
  return h('section', { class: 'cards', 'aria-label': t.say('products') }, list, h('div', { class: 'bar' },
    h('span', { class: 'hint' }, checked && t.say('checked', { time: checked })),
    entries.length > 1 && h('button', { type: 'button', class: 'round', 'aria-label': t.say('previous'), click: () => move(-1) }, icon(BACK, 'flip')),
    entries.length > 1 && h('button', { type: 'button', class: 'round', 'aria-label': t.say('next'), click: () => move(1) }, icon(FORTH, 'flip'))));
}

/** The address of a picture: the shop's own, the page's own, or a host that the page names. */
function picture(desk: Desk, address: string | null | undefined): string {
  const safe = address ? safeAddress(address, desk.host.server) : '';
  if (!safe) return '';
  const { origin, host } = new URL(safe);
  const named = desk.host.setting('image-hosts').split(/[\s,]+/);
  return origin === new URL(desk.host.server).origin || origin === location.origin || named.includes(host) ? safe : '';
}

export function image(desk: Desk, name: string, address: string | null | undefined, alt = ''): HTMLElement {
  const source = picture(desk, address);
  const blank = () => h('span', { class: 'picture', 'aria-hidden': 'true' }, [...name][0] ?? '');
  return source ? h('img', { class: 'picture', src: source, alt, loading: 'lazy', decoding: 'async', error: ({ target }: Event) => (target as Element).replaceWith(blank()) }) : blank();
}

function product(desk: Desk, card: Card): HTMLElement[] {
  const { t, host } = desk;
  const address = safeAddress(card.url, host.server);
  const variants = card.variants ?? [];
  const price = h('p', { class: 'price' });
  const stock = h('p', { class: 'stock' });
  const add: HTMLButtonElement = h('button', { type: 'button', class: 'main', click: () => addToCart(desk, card, chosen(), add) }, t.say('add'));
  const choice = variants.length > 1 ? h('select', { 'aria-label': `${t.say('choose')}: ${card.name}`, change: show }, ...variants.map((variant) => h('option', { value: variant.variant_id, disabled: !variant.available }, variant.available ? variant.name : `${variant.name} (${t.say('out')})`))) : null;
  const first = variants.find((variant) => variant.available) ?? variants[0];
  if (choice && first) choice.value = first.variant_id;

  function chosen(): Variant | undefined { return choice ? variants.find((variant) => variant.variant_id === choice.value) : first; }

  function show(): void {
    const variant = chosen();
    const available = variant ? variant.available : card.available;
    const left = variant ? variant.stock : card.stock;
    price.replaceChildren(...priced(desk, card, variant));
    stock.className = available ? 'stock in' : 'stock out';
    stock.textContent = !available ? t.say('out') : left != null && left <= FEW ? t.say('few', { number: t.number(left) }) : t.say('in_stock');
    add.disabled = !available;
  }

  show();
  const lowest = card.lowest_30_days;
  return [
    image(desk, card.name, card.image),
    h('div', { class: 'facts' },
      h('h3', { dir: 'auto' }, card.name), price,
      lowest ? h('p', { class: 'hint' }, t.say('lowest', { price: /^[\d.]+$/.test(lowest) ? t.money(lowest, card.currency) : lowest })) : null,
      stock, card.summary ? h('p', { class: 'summary', dir: 'auto' }, card.summary) : null, choice,
      h('div', { class: 'pair' }, add, address ? h('a', {
        class: 'plain', href: address, click: (event: Event) => { if (!host.tell('product', { product_id: card.product_id, url: address })) event.preventDefault(); },
      }, t.say('view'), h('span', { class: 'vh' }, ` ${card.name}`)) : null)),
  ];
}

function priced(desk: Desk, card: Card, variant: Variant | undefined): (Node | string)[] {
  const price = variant?.price ?? card.price;
  if (price == null) return [];
  const range = !variant && card.price_to && card.price_to !== card.price;
  const shown = desk.t.money(price, card.currency);
  return [h('bdi', {}, range ? desk.t.say('from', { price: shown }) : shown)];
}

/** The page has the cart: it listens, and may say no. */
function addToCart(desk: Desk, card: Card, variant: Variant | undefined, button: HTMLButtonElement): void {
  const detail = { product_id: card.product_id, variant_id: variant?.variant_id ?? '', quantity: 1 };
  if (!desk.host.tell('add-to-cart', detail)) return;
  button.textContent = desk.t.say('added');
  desk.announce(`${desk.t.say('added')}: ${card.name}`);
  setTimeout(() => { button.textContent = desk.t.say('add'); }, 2500);
}
