/** What the server sends (`/v1/events.schema.json`, docs of the HTTP API) and what the parts of the widget share. */

import type { Texts } from './texts';

export interface Session {
  token: string; language: string; greeting: string; disclosure: string; suggestions: string[];
  identified?: boolean; expires_at?: string; consent_needed?: boolean;
  shop?: { name: string; privacy_url: string | null; logo: string | null };
  hours?: Hours; attachments?: { most_bytes: number; media_types: string[] };
}
export interface Hours { open_now: boolean; opens: string; closes: string; weekdays?: number[] | string[] | string; zone?: string; wait_minutes?: number | null }
export interface Citation { number: number; title: string; quote: string; locale: string; url: string }
export interface Variant { variant_id: string; name: string; price: string | null; available: boolean; stock: number | null }
export interface Card {
  product_id: string; name: string; summary: string; price: string | null; price_to: string | null; currency: string;
  available: boolean; url: string; image: string; stock?: number | null; variants?: Variant[]; lowest_30_days?: string | null; checked_at?: string;
}
export interface Step { status: string; words: string; at: string | null; place?: string | null; current?: boolean }
export interface Item { item_id: string; name: string; variant?: string; quantity?: number; price?: string | null; image?: string | null }
export interface Order {
  order_id: string; status: string; status_words?: string; placed_at?: string | null; items?: Item[]; total?: string | null; currency?: string;
  timeline?: Step[]; carrier?: string | null; tracking_number?: string | null; tracking_url?: string | null; expected?: string | null; checked_at?: string; actions?: string[];
}
export interface Returnable extends Item { returnable: boolean; why_not?: string | null; exchanges?: { item_id: string; name: string; price: string | null; available: boolean }[] }
export interface ReturnOptions {
  order_id: string; currency?: string; items: Returnable[]; reasons: { code: string; words: string }[];
  methods: { payment_method_id: string; words: string }[]; until?: string | null;
}
export interface ActionTold { action: string; status: string; rule: string | null; message: string; operation_id: string; token: string }
export interface Handoff { reference: string; status: string; name: string; message?: string; open_now?: boolean; email?: string }
export interface Custom { name: string; value: Record<string, unknown> }
export interface Turn { turn: string; question: string; answer: string; at?: string; shown: Record<string, Record<string, unknown>>; events?: Custom[]; attachments?: SentFile[]; score?: number | null }
export interface SentFile { attachment_id: string; name: string; media_type?: string }
export interface PersonMessage { speaker?: string; name: string; text: string; at: string; id?: string; edited?: boolean; attachments?: SentFile[] }
export interface History {
  turns: Turn[]; last_event_id: number; handoff: Handoff | null; person_messages: PersonMessage[];
  open?: { turn: string; question: string; from: number }[];
  person_events?: (Custom & { after?: number })[];
  rating?: number | null;
}
/** An event of AG-UI 1.0, as far as it is read here. */
export interface WireEvent {
  type: string; runId?: string; delta?: string; stepName?: string; name?: string; value?: Record<string, unknown>;
  message?: string; code?: string; result?: { joined?: string; stopped?: boolean; person?: boolean };
}

/** The element on the page, as the panel sees it. */
export interface Host extends HTMLElement {
  readonly root: HTMLElement;
  readonly server: string;
  readonly locale: string;
  setting(name: string): string;
  /** Tell the page; returns whether nobody prevented it. */
  tell(name: string, detail?: unknown): boolean;
  close(): void;
  unread(count: number): void;
}
export interface Panel { open(): void; close(): void; leave(): void; send(text: string): void; changed(name: string): void }
export type StartPanel = (host: Host, texts: string[], language: string) => Panel;

/** What cards and forms need of their surroundings. */
export interface Desk {
  readonly t: Texts;
  readonly host: Host;
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** A file of this conversation. */
  file(id: string): Promise<Blob>;
  say(text: string): void;
  /** Show a part at the end of the conversation; `focus` moves there. */
  show(node: HTMLElement, focus?: boolean): void;
  announce(text: string): void;
  callPerson(): void;
  /** Back to writing. */
  focus(): void;
}
