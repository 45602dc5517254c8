/** Where the shopper writes: it grows with the text, takes pictures, and is never blocked by an answer. */

import { CLIP, CLOSE, FILE, SEND, STOP } from './icons';
import { h, icon } from './nodes';
import type { Desk, Session } from './shapes';
import { Refused, type Message } from './talk';

type Attachment = Message['attachments'][number];

export interface Writing { send(text: string, attachments: Attachment[]): void; stop(): void; typing(): void }

/** Letters of a message that the server takes. */
const MOST_LETTERS = 4000;

export class Composer {
  readonly element: HTMLFormElement;
  readonly input: HTMLTextAreaElement;
  #send: HTMLButtonElement;
  #stop: HTMLButtonElement;
  #clip: HTMLButtonElement;
  #picked: HTMLInputElement;
  #tray = h('ul', { class: 'tray', hidden: true });
  #fault = h('p', { class: 'fault', role: 'alert' });
  #attached: Attachment[] = [];
  #uploading = 0;
  #limits: Session['attachments'] | undefined;

  constructor(private readonly desk: Desk, private readonly writing: Writing) {
    const { t } = desk;
    this.input = h('textarea', {
      rows: 1, part: 'input', 'aria-label': t.say('message'), placeholder: t.say('ask'), enterkeyhint: 'send', dir: 'auto',
      input: () => { this.#grow(); this.#measure(); writing.typing(); },
      keydown: (event: KeyboardEvent) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); this.#submit(); } },
      paste: (event: ClipboardEvent) => { const files = [...(event.clipboardData?.files ?? [])]; if (this.#limits && files.length) { event.preventDefault(); void this.#attach(files); } },
    });
    this.#send = h('button', { type: 'submit', class: 'send', part: 'send', 'aria-label': t.say('send') }, icon(SEND, 'flip'));
    this.#stop = h('button', { type: 'button', class: 'send halt', hidden: true, 'aria-label': t.say('stop'), title: t.say('stop'), click: () => writing.stop() }, icon(STOP, 'full'));
    this.#picked = h('input', { type: 'file', hidden: true, multiple: true, tabindex: -1, 'aria-hidden': 'true', change: () => { void this.#attach([...(this.#picked.files ?? [])]); this.#picked.value = ''; } });
    this.#clip = h('button', { type: 'button', class: 'clip', hidden: true, 'aria-label': t.say('attach'), title: t.say('attach'), click: () => this.#picked.click() }, icon(CLIP));
    this.element = h('form', { class: 'composer', part: 'composer', submit: (event: Event) => { event.preventDefault(); this.#submit(); } },
      this.#tray, this.#fault, h('div', { class: 'row' }, this.#clip, this.#picked, this.input, this.#stop, this.#send));
  }

  allow(limits: Session['attachments'] | undefined): void {
    this.#limits = limits;
    this.#clip.hidden = !limits;
    if (limits) this.#picked.accept = limits.media_types.join(',');
  }

  busy(isBusy: boolean): void { this.#stop.hidden = !isBusy; }

  name(placeholder: string): void { this.input.placeholder = placeholder; }

  /** Where style sheets cannot do it. */
  #grow(): void {
    if (CSS.supports('field-sizing', 'content')) return;
    const { style } = this.input;
    style.height = 'auto';
    style.height = `${Math.min(this.input.scrollHeight + 2, 132)}px`;
  }

  /** A message that is too long says how long it is, and stays: cut short, its end would be lost unseen. */
  #measure(): boolean {
    const { t } = this.desk;
    const letters = [...this.input.value.trim()].length;
    const isLong = letters > MOST_LETTERS;
    if (isLong) this.#fault.textContent = `${t.number(letters)} / ${t.number(MOST_LETTERS)}`;
    else if (this.input.ariaInvalid === 'true') this.#fault.textContent = '';
    this.input.ariaInvalid = String(isLong);
    return isLong;
  }

  #submit(): void {
    const text = this.input.value.trim();
    if ((!text && !this.#attached.length) || this.#uploading || this.#measure()) return;
    const attached = this.#attached;
    this.input.value = '';
    this.#attached = [];
    this.#tray.replaceChildren();
    this.#tray.hidden = true;
    this.#fault.textContent = '';
    this.#grow();
    this.writing.send(text || attached.map((entry) => entry.name).join(', '), attached);
  }

  async #attach(files: File[]): Promise<void> {
    for (const file of files.slice(0, 4)) await this.#upload(file);
    this.input.focus();
  }

  async #upload(file: File): Promise<void> {
    const { t } = this.desk;
    const limits = this.#limits!;
    this.#fault.textContent = '';
    if (!limits.media_types.includes(file.type)) { this.#fault.textContent = t.say('wrong_type', { name: file.name }); return; }
    if (file.size > limits.most_bytes) { this.#fault.textContent = t.say('too_large', { name: file.name, size: t.bytes(limits.most_bytes) }); return; }
    const words = h('span', { class: 'name', dir: 'auto' }, t.say('uploading', { name: file.name }));
    const row = h('li', {}, thumbnail(file), words);
    this.#tray.append(row);
    this.#tray.hidden = false;
    this.#uploading++;
    try {
      const kept = await this.desk.api<Attachment>('POST', `/v1/attachments?name=${encodeURIComponent(file.name)}`, file);
      this.#attached.push(kept);
      words.textContent = kept.name;
      this.desk.announce(t.say('attached', { name: kept.name }));
      row.append(h('button', { type: 'button', class: 'round', 'aria-label': t.say('remove', { name: kept.name }), click: () => {
        this.#attached = this.#attached.filter((entry) => entry !== kept);
        row.remove();
        this.#tray.hidden = !this.#tray.childElementCount;
        this.input.focus();
      } }, icon(CLOSE)));
    } catch (error) {
      row.remove();
      this.#tray.hidden = !this.#tray.childElementCount;
      this.#fault.textContent = (error instanceof Refused && error.message) || t.say('error');
    } finally {
      this.#uploading--;
    }
  }
}

/** A small picture of a file; drawn, so that no content security rule of the page stands against it. */
function thumbnail(file: File): Element {
  if (!file.type.startsWith('image/') || !('createImageBitmap' in globalThis)) return icon(FILE);
  const canvas = h('canvas', { width: 72, height: 72, 'aria-hidden': 'true' });
  createImageBitmap(file).then((picture) => {
    const side = Math.min(picture.width, picture.height);
    canvas.getContext('2d')?.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 72, 72);
  }, () => canvas.replaceWith(icon(FILE)));
  return canvas;
}
