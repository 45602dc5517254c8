// The chat of a shop. All that a page pays before the shopper wants it: one element, its launcher, no storage.
//   <script type="module" src="https://HOST/widget.js" data-shop="..."></script>  or  <dragoman-chat server="https://HOST">
import { CHAT, CLOSE } from './icons';
import sheet from './loader.css';
import { h, icon } from './nodes';
import type { Host, Panel, StartPanel } from './shapes';

declare const PANEL: string, VERSION: string, LAUNCHER: string;

const SELF = new URL(import.meta.url);
const LABELS = new Map(LAUNCHER.split('\n').map((line) => line.split('|') as [string, string]));
const FROM_RIGHT = /^(ar|he|fa|ur)/;
const SAME: Record<string, string> = { no: 'nb', nn: 'nb', iw: 'he', in: 'id', zh: 'zh-CN', pt: 'pt-BR', 'zh-hk': 'zh-TW', 'zh-mo': 'zh-TW', 'zh-hant': 'zh-TW' };

/** The language of ours that fits a locale best. */
function languageOf(locale: string): string {
  const wanted = locale.replace(/_/g, '-').toLowerCase();
  for (let part = wanted; part; part = part.slice(0, Math.max(0, part.lastIndexOf('-')))) {
    const found = SAME[part] ?? [...LABELS.keys()].find((known) => known.toLowerCase() === part);
    if (found) return found;
  }
  return 'en';
}

class DragomanChat extends HTMLElement implements Host {
  static observedAttributes = ['locale', 'identity-token', 'consent', 'theme', 'position', 'label'];
  root!: HTMLElement;
  #launcher!: HTMLButtonElement;
  #corner!: HTMLElement;
  #panel: Panel | null = null;
  #loading: Promise<Panel> | null = null;
  #wanted = false;
  #body: HTMLElement | null = null;
  #cart = 0;
  #greeted = false;

  get server(): string { return (this.getAttribute('server') || SELF.origin).replace(/\/$/, ''); }
  get locale(): string { return this.getAttribute('locale') || document.documentElement.lang || navigator.language || 'en'; }
  get #language(): string { return languageOf(this.locale); }

  setting(name: string): string { return this.getAttribute(name) ?? ''; }

  tell(name: string, detail: unknown = {}): boolean {
    return this.dispatchEvent(new CustomEvent(`dragoman:${name}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  connectedCallback(): void {
    this.#body = document.body;
    if (this.shadowRoot) return;
    const shadow = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(sheet);
    shadow.adoptedStyleSheets = [style];
    const soon = () => void this.#load().catch(() => undefined);
    this.#launcher = h('button', { type: 'button', class: 'launcher', part: 'launcher', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', click: () => void this.open(), pointerenter: soon, pointerdown: soon, focus: soon }, icon(CHAT));
    this.#corner = h('div', { class: 'corner', role: 'region' }, this.#launcher);
    this.root = h('div', { class: 'r', part: 'root' }, this.#corner);
    this.#dress();
    shadow.append(this.root);
    this.#watch();
  }

  /** A page that changes its whole body has not sent the chat away. */
  disconnectedCallback(): void {
    const before = this.#body;
    setTimeout(() => { if (!this.isConnected && document.body !== before && !document.querySelector('dragoman-chat')) document.body.append(this); });
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.root || before === now) return;
    this.#dress();
    if (name !== 'locale') return this.#panel?.changed(name);
    // Another language is another panel; the conversation is begun in it anew.
    this.#panel?.leave();
    this.#panel = this.#loading = null;
    if (this.#wanted) void this.open();
  }

  #dress(): void {
    const language = this.#language;
    this.root.lang = language;
    this.root.dir = FROM_RIGHT.test(language) ? 'rtl' : 'ltr';
    this.root.dataset['theme'] = this.setting('theme');
    this.root.classList.toggle('start', this.setting('position') === 'start');
    const name = this.setting('label') || LABELS.get(language)!;
    this.#launcher.setAttribute('aria-label', name);
    this.#corner.setAttribute('aria-label', name);
  }

  #load(): Promise<Panel> {
    return (this.#loading ??= this.#fetch().catch((error: unknown) => { this.#loading = null; throw error; }));
  }

  async #fetch(): Promise<Panel> {
    const language = this.#language;
    const [{ start }, words] = await Promise.all([
      import(new URL(PANEL, SELF).href) as Promise<{ start: StartPanel }>,
      this.#words(language),
    ]);
    return (this.#panel = start(this, words, language));
  }

  async #words(language: string): Promise<string[]> {
    const reply = await fetch(new URL(`./widget/${language}.${VERSION}.json`, SELF));
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.json() as Promise<string[]>;
  }

  /** Open the panel and put the caret where one writes. */
  async open(): Promise<void> {
    this.#wanted = true;
    this.#launcher.setAttribute('aria-busy', 'true');
    try {
      const panel = await this.#load();
      if (!this.#wanted) return;
      this.#corner.hidden = true;
      this.#launcher.setAttribute('aria-expanded', 'true');
      panel.open();
      this.tell('open');
    } catch (error) {
      this.tell('fault', { message: String(error) });
    } finally {
      this.#launcher.removeAttribute('aria-busy');
    }
  }

  close(): void {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#panel?.close();
    this.#corner.hidden = false;
    this.#launcher.setAttribute('aria-expanded', 'false');
    this.#launcher.focus();
    this.tell('close');
  }

  toggle(): void { if (this.#wanted) this.close(); else void this.open(); }

  /** Say something for the shopper, as a page's own button may. */
  async send(text: string): Promise<void> {
    await this.open();
    this.#panel?.send(text);
  }

  unread(count: number): void {
    this.#launcher.toggleAttribute('data-unread', count > 0);
    const name = this.#corner.getAttribute('aria-label')!;
    this.#launcher.setAttribute('aria-label', count ? `${name} (${count})` : name);
  }

  // ---- a greeting by rule: page, time, cart; at most once a visit

  #watch(): void {
    if (!this.setting('greet')) return;
    addEventListener('dragoman:cart', (event) => { this.#cart = Number((event as CustomEvent<{ total?: number }>).detail?.total) || 0; this.#consider(); });
    setTimeout(() => { this.#waited = true; this.#consider(); }, 1000 * (Number(this.setting('greet-after')) || 15));
  }

  #waited = false;

  #consider(): void {
    const pages = this.setting('greet-on').split(/\s+/).filter(Boolean);
    const here = pages.length === 0 || pages.some((page) => (page.endsWith('*') ? location.pathname.startsWith(page.slice(0, -1)) : location.pathname === page));
    const cart = Number(this.setting('greet-cart')) || 0;
    if (this.#waited && here && this.#cart >= cart && !this.#wanted && !this.#panel && this.#first()) void this.#hail();
  }

  /** Whether this visit was not greeted yet. Only with consent, where that is asked for, is it written down. */
  #first(): boolean {
    if (this.#greeted) return false;
    this.#greeted = true;
    if (/needed|denied/.test(this.setting('consent'))) return true;
    try {
      if (sessionStorage.getItem('dragoman-greeted')) return false;
      sessionStorage.setItem('dragoman-greeted', '1');
    } catch { /* forbidden: once a page, then */ }
    return true;
  }

  async #hail(): Promise<void> {
    const dismiss = (await this.#words(this.#language))[1]!;
    const hail: HTMLElement = h('div', { class: 'hail', part: 'hail', role: 'status' },
      h('button', { type: 'button', dir: 'auto', click: () => { hail.remove(); void this.open(); } }, this.setting('greet')),
      h('button', { type: 'button', 'aria-label': dismiss, click: () => { hail.remove(); this.#launcher.focus(); this.tell('dismiss'); } }, icon(CLOSE)));
    this.#corner.prepend(hail);
    this.tell('greeted');
  }
}

if (!customElements.get('dragoman-chat')) customElements.define('dragoman-chat', DragomanChat);

/** The tag that brought us: its data-* are the element's attributes; so are the parameters of our address. */
function install(): void {
  if (document.querySelector('dragoman-chat')) return;
  const tag = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].find((script) => script.src === SELF.href);
  if (!tag && !SELF.search) return;
  const chat = document.createElement('dragoman-chat');
  for (const [name, value] of [...SELF.searchParams, ...[...(tag?.attributes ?? [])].filter(({ name: key }) => key.startsWith('data-')).map(({ name: key, value: said }) => [key.slice(5), said] as const)]) {
    if (name !== 'manual') chat.setAttribute(name, value);
  }
  document.body.append(chat);
}

if (document.body) install();
else addEventListener('DOMContentLoaded', install);
