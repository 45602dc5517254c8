/** Forms: labels tied to their fields, faults in words beside them, one submission at a time. */

import { h } from './nodes';
import type { Desk } from './shapes';
import { Refused } from './talk';

/** A fault whose words are for the shopper. */
export interface Fault extends Error { words: string }

let count = 0;
/** A name that is used once in the widget. */
export const unique = (): string => `d${++count}`;

type Attributes = Record<string, string | number | boolean | null>;

export function field(label: string, attributes: Attributes, many = false): { element: HTMLElement; value(): string } {
  const id = unique();
  const input = many ? h('textarea', { id, rows: 2, ...attributes }) : h('input', { id, type: 'text', ...attributes });
  return { element: h('div', { class: 'field' }, h('label', { for: id }, label), input), value: () => input.value.trim() };
}

export function choice(label: string, options: { value: string; words: string; disabled?: boolean }[], attributes: Attributes = {}): { element: HTMLElement; value(): string } {
  const id = unique();
  const select = h('select', { id, ...attributes }, ...options.map((option) => h('option', { value: option.value, disabled: option.disabled ?? false }, option.words)));
  return { element: h('div', { class: 'field' }, h('label', { for: id }, label), select), value: () => select.value };
}

/** A form in a box. `submit` may raise a Fault or Refused; its words are shown and said. */
export function form(desk: Desk, title: string, fields: HTMLElement[], button: string, submit: () => Promise<void>, ...more: (HTMLElement | null)[]): HTMLFormElement {
  const fault = h('p', { class: 'fault', role: 'alert', id: unique() });
  const send = h('button', { type: 'submit', class: 'main' }, button);
  const named = unique();
  const made: HTMLFormElement = h('form', {
    class: 'box form', 'aria-labelledby': named, novalidate: true,
    submit: async (event: Event) => {
      event.preventDefault();
      if (send.disabled) return;
      const empty = made.querySelector<HTMLInputElement>(':invalid:not(fieldset)');
      if (empty) { show(desk.t.say('required'), empty); return; }
      send.disabled = true;
      show('');
      try { await submit(); } catch (error) { show(wordsOf(desk, error)); } finally { send.disabled = false; }
    },
  }, h('h3', { id: named }, title), ...fields, fault, h('div', { class: 'pair' }, send, ...more));

  function show(words: string, at?: HTMLElement): void {
    fault.textContent = words;
    for (const input of made.querySelectorAll('input,select,textarea')) {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    }
    const wrong = at ?? (words ? made.querySelector<HTMLElement>('input:not([type=checkbox],[type=radio]),select,textarea') : null);
    if (!wrong) return;
    wrong.setAttribute('aria-invalid', 'true');
    wrong.setAttribute('aria-describedby', fault.id);
    wrong.focus();
  }

  return made;
}

export function wordsOf(desk: Desk, error: unknown): string {
  if (error instanceof Refused) return error.status >= 500 || !error.message ? desk.t.say('error') : error.message;
  return (error as Fault).words ?? desk.t.say(navigator.onLine ? 'error' : 'no_network');
}
