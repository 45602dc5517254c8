/** The panel's place on the page: a dialog beside it, or the whole screen of a phone, above the keyboard. */

import type { Host } from './shapes';

const NARROW = matchMedia('(max-width: 480px), (max-height: 420px)');

export class Frame {
  #inert: Element[] = [];
  #overflow: string | null = null;
  #open = false;
  #watcher: { destroy(): void } | null = null;

  constructor(private readonly panel: HTMLElement, private readonly host: Host) {
    NARROW.addEventListener('change', () => this.#open && this.#fit());
    globalThis.visualViewport?.addEventListener('resize', () => this.#open && this.#measure());
    globalThis.visualViewport?.addEventListener('scroll', () => this.#open && this.#measure());
  }

  open(): void {
    this.#open = true;
    this.#fit();
  }

  close(): void {
    this.#open = false;
    this.#release();
  }

  #fit(): void {
    this.#release();
    this.panel.classList.toggle('whole', NARROW.matches);
    if (!NARROW.matches) return;
    // Only where it covers the page is the page out of reach.
    this.panel.setAttribute('aria-modal', 'true');
    for (let at: Element = this.host; at.parentElement; at = at.parentElement) {
      for (const other of at.parentElement.children) if (other !== at && !other.hasAttribute('inert') && !/^(SCRIPT|STYLE|HEAD|LINK)$/.test(other.tagName)) { other.setAttribute('inert', ''); this.#inert.push(other); }
    }
    this.#overflow = document.documentElement.style.overflow;
    document.documentElement.style.overflow = 'hidden';
    this.#watch();
    this.#measure();
  }

  /** The gesture to go back closes the panel, where the browser tells of it. */
  #watch(): void {
    const Watcher = (globalThis as { CloseWatcher?: new () => { destroy(): void; onclose: (() => void) | null } }).CloseWatcher;
    if (!Watcher) return;
    const watcher = new Watcher();
    watcher.onclose = () => this.host.close();
    this.#watcher = watcher;
  }

  #measure(): void {
    const view = globalThis.visualViewport;
    if (!view || !this.panel.classList.contains('whole')) return;
    // Zoomed in, the shopper pans: the panel keeps the size of the page.
    const zoomed = view.scale > 1.05;
    this.panel.style.setProperty('--high', zoomed ? '100dvh' : `${view.height}px`);
    this.panel.style.setProperty('--top', zoomed ? '0px' : `${view.offsetTop}px`);
  }

  #release(): void {
    this.panel.removeAttribute('aria-modal');
    for (const other of this.#inert) other.removeAttribute('inert');
    this.#inert = [];
    if (this.#overflow !== null) document.documentElement.style.overflow = this.#overflow;
    this.#overflow = null;
    this.#watcher?.destroy();
    this.#watcher = null;
  }
}
