/** The widget's own texts, in the shopper's language. */

import type english from '../languages/en.json';

declare const KEYS: string;

export type TextKey = keyof typeof english;
export type Slots = Record<string, string | number>;

/** Says texts of one language; the file of a language holds them in the order of their keys. */
export class Texts {
  readonly #texts: Record<string, string>;

  constructor(readonly language: string, readonly locale: string, list: string[]) {
    this.#texts = Object.fromEntries(KEYS.split(' ').map((key, n) => [key, list[n] ?? '']));
  }

  say = (key: TextKey, slots: Slots = {}): string =>
    (this.#texts[key] ?? '').replace(/\{(\w+)\}/g, (whole, slot: string) => String(slots[slot] ?? whole));

  money(amount: string, currency: string): string {
    try {
      return new Intl.NumberFormat(this.locale, { style: 'currency', currency }).format(Number(amount));
    } catch {
      return `${amount} ${currency}`;
    }
  }

  /** A moment: with its time if it is of today or the time is asked for. */
  moment(iso: string | null | undefined, form: 'time' | 'date' | 'both' = 'both'): string {
    if (!iso) return '';
    const plain = /^\d{4}-\d\d-\d\d$/.test(iso);
    const at = new Date(plain ? `${iso}T12:00` : iso);
    if (Number.isNaN(at.getTime())) return iso;
    const day: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };
    const hour: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
    const wanted = form === 'time' ? hour : form === 'date' || plain ? day : { ...day, ...hour };
    return new Intl.DateTimeFormat(this.locale, wanted).format(at);
  }

  number(value: number): string { return new Intl.NumberFormat(this.locale).format(value); }

  minutes(value: number): string {
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(value);
  }

  bytes(value: number): string {
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(value / 1e6);
  }
}
