// The chat widget: one custom element, no dependencies, no innerHTML. Works under a strict CSP.
//   <script type="module" src="https://HOST/widget.js" data-shop="..."></script>
// The element <dragoman-chat server="https://HOST" locale="de-DE"> can also be placed by hand.

const SELF = new URL(import.meta.url);

const WORDS = {
  en: { open: "Chat", close: "Close", send: "Send", ask: "Ask a question", ai: "AI", person: "Talk to a person", sources: "Sources", retry: "Not sent. Try again", lost: "Connection lost. Reconnecting …", out: "Out of stock", wantPerson: "I want to talk to a person" },
  de: { open: "Chat", close: "Schließen", send: "Senden", ask: "Frage stellen", ai: "KI", person: "Mit einem Menschen sprechen", sources: "Quellen", retry: "Nicht gesendet. Erneut versuchen", lost: "Verbindung unterbrochen. Neuer Versuch …", out: "Nicht vorrätig", wantPerson: "Ich möchte mit einem Menschen sprechen" },
  fr: { open: "Discuter", close: "Fermer", send: "Envoyer", ask: "Poser une question", ai: "IA", person: "Parler à une personne", sources: "Sources", retry: "Non envoyé. Réessayer", lost: "Connexion perdue. Reconnexion …", out: "Épuisé", wantPerson: "Je voudrais parler à une personne" },
  es: { open: "Chat", close: "Cerrar", send: "Enviar", ask: "Haga una pregunta", ai: "IA", person: "Hablar con una persona", sources: "Fuentes", retry: "No enviado. Reintentar", lost: "Conexión perdida. Reconectando …", out: "Agotado", wantPerson: "Quiero hablar con una persona" },
  "pt-BR": { open: "Chat", close: "Fechar", send: "Enviar", ask: "Faça uma pergunta", ai: "IA", person: "Falar com uma pessoa", sources: "Fontes", retry: "Não enviado. Tentar de novo", lost: "Conexão perdida. Reconectando …", out: "Esgotado", wantPerson: "Quero falar com uma pessoa" },
  ja: { open: "チャット", close: "閉じる", send: "送信", ask: "質問を入力", ai: "AI", person: "担当者と話す", sources: "出典", retry: "送信できませんでした。再試行", lost: "接続が切れました。再接続中…", out: "在庫切れ", wantPerson: "担当者と話したいです" },
  "zh-CN": { open: "聊天", close: "关闭", send: "发送", ask: "输入您的问题", ai: "AI", person: "转人工", sources: "来源", retry: "未发送，重试", lost: "连接已断开，正在重连…", out: "缺货", wantPerson: "我想转人工" },
  ar: { open: "محادثة", close: "إغلاق", send: "إرسال", ask: "اكتب سؤالك", ai: "ذكاء اصطناعي", person: "التحدث إلى شخص", sources: "المصادر", retry: "لم تُرسل. أعد المحاولة", lost: "انقطع الاتصال. جارٍ إعادة الاتصال…", out: "غير متوفر", wantPerson: "أريد التحدث إلى شخص" },
  id: { open: "Obrolan", close: "Tutup", send: "Kirim", ask: "Tulis pertanyaan", ai: "AI", person: "Bicara dengan petugas", sources: "Sumber", retry: "Tidak terkirim. Coba lagi", lost: "Koneksi terputus. Menyambung lagi …", out: "Stok habis", wantPerson: "Saya ingin bicara dengan petugas" },
};

const CSS = `
:host { --accent: #7a4b12; --on-accent: #fff; --ink: #1d2430; --paper: #fff; --soft: #f3f1ec; --line: #8b8577; all: initial; }
@media (prefers-color-scheme: dark) { :host { --accent: #e0b072; --on-accent: #201503; --ink: #eceae5; --paper: #1d1f24; --soft: #2a2d34; --line: #8b8577; } }
* { box-sizing: border-box; font: 15px/1.5 "Noto Sans", system-ui, sans-serif; color: var(--ink); }
button { cursor: pointer; font: inherit; }
:focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
.launcher { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; min-height: 52px; padding: 0 22px; border: 0; border-radius: 26px; background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: 0 4px 18px #0004; }
.panel { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483001; width: min(400px, calc(100vw - 24px)); height: min(640px, calc(100dvh - 40px)); background: var(--paper); border: 1px solid var(--line); border-radius: 16px; display: flex; flex-direction: column; overflow: hidden; box-shadow: 0 8px 30px #0003; }
@media (max-width: 480px) { .panel { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
[hidden] { display: none !important; }
header { display: flex; align-items: center; gap: 8px; padding: 8px 8px 8px 16px; border-bottom: 1px solid var(--line); }
header b { font-weight: 650; flex: 1; }
.badge { font-size: 12px; padding: 1px 8px; border-radius: 10px; background: var(--soft); }
.close { width: 44px; height: 44px; border: 0; background: none; font-size: 20px; }
.note { margin: 0; padding: 6px 16px; background: var(--soft); font-size: 13px; line-height: 1.4; }
.log { flex: 1; overflow-y: auto; padding: 14px 16px; display: flex; flex-direction: column; gap: 10px; overscroll-behavior: contain; }
.said { max-width: 92%; padding: 9px 13px; border-radius: 14px; background: var(--soft); white-space: pre-wrap; unicode-bidi: plaintext; overflow-wrap: anywhere; align-self: flex-start; }
.mine { align-self: flex-end; background: var(--accent); color: var(--on-accent); }
.step { font-size: 13px; opacity: .8; align-self: flex-start; }
.cite { display: inline-block; min-width: 22px; padding: 0 5px; margin-inline: 2px; border: 1px solid var(--line); border-radius: 6px; font-size: 12px; text-align: center; text-decoration: none; background: var(--paper); }
details { align-self: stretch; font-size: 13px; } summary { cursor: pointer; font-size: 13px; }
details a, details li { font-size: 13px; } ol { margin: 4px 0; padding-inline-start: 22px; } blockquote { margin: 2px 0 6px; font-size: 13px; white-space: pre-wrap; }
.cards { flex: none; display: flex; gap: 10px; overflow-x: auto; align-self: stretch; padding-bottom: 4px; }
.card { flex: 0 0 168px; border: 1px solid var(--line); border-radius: 12px; overflow: hidden; text-decoration: none; }
.card img { width: 100%; height: 110px; object-fit: cover; display: block; } .card div { padding: 6px 10px 10px; } .card b { font-weight: 600; font-size: 14px; display: block; } .card span { font-size: 13px; }
.chips { display: flex; flex-wrap: wrap; gap: 8px; } .chips button, .again { border: 1px solid var(--accent); background: var(--paper); color: var(--ink); border-radius: 18px; padding: 7px 13px; text-align: start; }
form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid var(--line); }
textarea { flex: 1; resize: none; min-height: 44px; max-height: 120px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 12px; background: var(--paper); font-size: 16px; }
.send { border: 0; border-radius: 12px; padding: 0 16px; background: var(--accent); color: var(--on-accent); font-weight: 600; } .send:disabled { opacity: .5; }
.person { border: 0; background: none; text-decoration: underline; padding: 4px 16px 8px; font-size: 13px; text-align: start; }
@media (prefers-reduced-motion: no-preference) { .panel { animation: rise .16s ease-out; } @keyframes rise { from { transform: translateY(10px); opacity: .4; } } }
`;

const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
};

class DragomanChat extends HTMLElement {
  #server = ""; #session = null; #last = 0; #words = WORDS.en; #busy = false; #answer = null; #step = null;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#server = this.getAttribute("server") || SELF.origin;
    this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.#speak(this.#locale());
    this.#build();
  }

  #locale() { return this.getAttribute("locale") || document.documentElement.lang || navigator.language || "en"; }

  #identity() { return this.getAttribute("identity-token") || ""; }

  #speak(locale) {
    const known = Object.keys(WORDS);
    const language = known.find((k) => k.toLowerCase() === locale.toLowerCase()) || known.find((k) => k.split("-")[0] === locale.split("-")[0].toLowerCase()) || "en";
    this.#words = WORDS[language];
    this.dir = language === "ar" ? "rtl" : document.documentElement.dir || "ltr";
    this.lang = language;
  }

  #build() {
    const w = this.#words;
    this.launcher = element("button", { className: "launcher", type: "button", textContent: w.open, onclick: () => this.open() });
    this.launcher.setAttribute("aria-haspopup", "dialog");
    this.title_ = element("b", { textContent: w.open });
    this.note = element("p", { className: "note" });
    this.log = element("div", { className: "log", tabIndex: 0 });
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-label", w.open);
    this.input = element("textarea", { rows: 1, placeholder: w.ask, maxLength: 4000 });
    this.input.setAttribute("aria-label", w.ask);
    this.input.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.#submit(); } });
    this.sendButton = element("button", { className: "send", type: "submit", textContent: w.send });
    const form = element("form", { onsubmit: (e) => { e.preventDefault(); this.#submit(); } }, this.input, this.sendButton);
    const close = element("button", { className: "close", type: "button", textContent: "×", onclick: () => this.close() });
    close.setAttribute("aria-label", w.close);
    const person = element("button", { className: "person", type: "button", textContent: w.person, onclick: () => this.say(w.wantPerson) });
    this.panel = element("div", { className: "panel", hidden: true }, element("header", {}, this.title_, element("span", { className: "badge", textContent: w.ai }), close), this.note, this.log, form, person);
    this.panel.setAttribute("role", "dialog");
    this.panel.setAttribute("aria-label", w.open);
    this.panel.addEventListener("keydown", (e) => { if (e.key === "Escape") this.close(); });
    this.shadowRoot.append(this.launcher, this.panel);
  }

  async open() {
    this.panel.hidden = false; this.launcher.hidden = true; this.input.focus();
    if (!this.#session) await this.#begin();
  }

  close() { this.panel.hidden = true; this.launcher.hidden = false; this.launcher.focus(); }

  async #begin() {
    try {
      const kept = JSON.parse(sessionStorage.getItem("dragoman") || "null");
      this.#session = kept && kept.server === this.#server && kept.locale === this.#locale() && kept.identity === this.#identity() ? kept : await this.#startSession();
      await this.#restore();
    } catch { this.#session = null; this.#showRetry(() => this.#begin()); }
  }

  async #startSession() {
    const reply = await fetch(`${this.#server}/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ locale: this.#locale(), identity_token: this.#identity() }) });
    if (!reply.ok) throw new Error(reply.status);
    const session = { ...(await reply.json()), server: this.#server, locale: this.#locale(), identity: this.#identity() };
    sessionStorage.setItem("dragoman", JSON.stringify(session));
    return session;
  }

  #headers(more = {}) { return { authorization: `Bearer ${this.#session.token}`, "content-type": "application/json", ...more }; }

  async #restore() {
    const reply = await fetch(`${this.#server}/v1/history`, { headers: this.#headers() });
    if (reply.status === 401) { sessionStorage.removeItem("dragoman"); this.#session = await this.#startSession(); }
    const { turns = [], last_event_id = 0 } = reply.ok ? await reply.json() : {};
    this.#last = last_event_id;
    this.note.textContent = this.#session.disclosure;
    this.log.replaceChildren(element("div", { className: "said", textContent: this.#session.greeting }));
    for (const turn of turns) {
      this.#bubble(turn.question, true);
      this.#write(turn.answer);
      for (const [name, value] of Object.entries(turn.shown)) this.#custom(name, value);
      this.#answer = null;
    }
    if (!turns.length) this.#chips(this.#session.suggestions);
  }

  #bubble(text, mine = false) {
    const bubble = element("div", { className: mine ? "said mine" : "said", dir: "auto" }, text);
    this.log.append(bubble);
    this.#scroll();
    return bubble;
  }

  #chips(entries) {
    const chips = element("div", { className: "chips" }, ...entries.map((text) => element("button", { type: "button", textContent: text, onclick: () => { chips.remove(); this.say(text); } })));
    this.log.append(chips);
  }

  #submit() { const text = this.input.value.trim(); if (text && !this.#busy) { this.input.value = ""; this.say(text); } }

  async say(text) {
    if (this.#busy) return;
    if (!this.#session) await this.#begin();
    if (!this.#session) return;
    this.log.querySelectorAll(".chips").forEach((chips) => chips.remove());
    this.#bubble(text, true);
    await this.#send(text, crypto.randomUUID());
  }

  async #send(text, turn) {
    this.#setBusy(true);
    this.#answer = null;
    for (let attempt = 0, sent = false; attempt < 6; attempt++) {
      try {
        const headers = sent ? { "last-event-id": String(this.#last) } : {};
        const reply = await fetch(`${this.#server}/v1/chat`, { method: "POST", headers: this.#headers(headers), body: JSON.stringify(sent ? {} : { message: text, turn, page: location.pathname }) });
        if (!reply.ok) { const { error } = await reply.json().catch(() => ({})); this.#stepWords(""); this.#bubble(error?.message || this.#words.retry); break; }
        sent = true;
        if (await this.#read(reply.body)) break;
      } catch { /* the connection was lost: follow the turn again from the last frame seen */ }
      this.#stepWords(this.#words.lost);
      await new Promise((done) => setTimeout(done, 400 * 2 ** attempt));
      if (attempt === 5) this.#showRetry(() => this.#send(text, turn));
    }
    this.#stepWords("");
    this.#setBusy(false);
  }

  async #read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", ended = false;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return ended;
      rest += value;
      const blocks = rest.split(/\r?\n\r?\n/);
      rest = blocks.pop();
      for (const block of blocks) {
        const lines = block.split(/\r?\n/);
        const field = (name) => lines.filter((l) => l.startsWith(name + ":")).map((l) => l.slice(name.length + 1).trimStart()).join("\n");
        const data = field("data");
        if (!data) continue;
        this.#last = Number(field("id")) || this.#last;
        ended = this.#render(JSON.parse(data)) || ended;
      }
    }
  }

  #render(event) {
    switch (event.type) {
      case "STEP_STARTED": this.#stepWords(event.stepName + " …"); return false;
      case "TEXT_MESSAGE_CONTENT": this.#write(event.delta); return false;
      case "CUSTOM": this.#custom(event.name, event.value); return false;
      case "RUN_ERROR": this.#bubble(event.message); return true;
      case "RUN_FINISHED": return true;
      default: return false;
    }
  }

  #write(text) {
    this.#stepWords("");
    if (!this.#answer) this.#answer = this.#bubble("");
    for (const part of text.split(/(\[\d{1,2}\])/)) {
      const mark = /^\[(\d{1,2})\]$/.exec(part);
      this.#answer.append(mark ? element("span", { className: "cite", textContent: mark[1] }) : part);
    }
    this.#scroll();
  }

  #custom(name, value) {
    if (name === "citations") this.#sources(value.citations);
    if (name === "cards") this.log.append(element("div", { className: "cards" }, ...value.cards.map((card) => this.#card(card))));
    if (name === "suggestions") this.#chips(value.suggestions);
    if (name === "notice") this.#stepWords(value.text);
    this.#scroll();
  }

  #sources(citations) {
    const entries = citations.map((c) => {
      const link = element("a", { textContent: c.title, target: "_blank", rel: "noopener" });
      if (c.url.startsWith("/")) link.href = `${this.#server}${c.url}?locale=${encodeURIComponent(c.locale)}`;
      else if (/^https:\/\//.test(c.url)) link.href = c.url;
      return element("li", { value: c.number }, link, element("blockquote", { textContent: c.quote }));
    });
    this.log.append(element("details", {}, element("summary", { textContent: `${this.#words.sources} (${citations.length})` }), element("ol", {}, ...entries)));
    this.#answer?.querySelectorAll("a.cite");
  }

  #card(card) {
    const price = card.price === null ? "" : new Intl.NumberFormat(this.lang, { style: "currency", currency: card.currency }).format(card.price);
    const picture = element("img", { alt: "", loading: "lazy", src: `${this.#server}${card.image}` });
    const link = element("a", { className: "card", href: `${this.#server}${card.url}?locale=${encodeURIComponent(this.#locale())}` }, picture, element("div", {}, element("b", { textContent: card.name }), element("span", { textContent: card.available ? price : `${price} · ${this.#words.out}` })));
    link.addEventListener("click", () => this.dispatchEvent(new CustomEvent("dragoman:product", { detail: card, bubbles: true, composed: true })));
    return link;
  }

  #stepWords(text) {
    if (!text) { this.#step?.remove(); this.#step = null; return; }
    if (!this.#step) { this.#step = element("div", { className: "step" }); this.log.append(this.#step); }
    this.#step.textContent = text;
    this.#scroll();
  }

  #showRetry(again) {
    const button = element("button", { className: "again", type: "button", textContent: this.#words.retry, onclick: () => { button.remove(); again(); } });
    this.log.append(button);
  }

  #setBusy(busy) { this.#busy = busy; this.sendButton.disabled = busy; this.log.setAttribute("aria-busy", String(busy)); }
  #scroll() { this.log.scrollTop = this.log.scrollHeight; }
}

customElements.define("dragoman-chat", DragomanChat);

const tag = document.querySelector(`script[src="${SELF.pathname}"], script[src="${SELF.href}"]`);
if (tag && !document.querySelector("dragoman-chat")) {
  const chat = document.createElement("dragoman-chat");
  chat.setAttribute("server", SELF.origin);
  if (tag.dataset.locale) chat.setAttribute("locale", tag.dataset.locale);
  if (tag.dataset.identityToken) chat.setAttribute("identity-token", tag.dataset.identityToken);
  document.body.append(chat);
}
