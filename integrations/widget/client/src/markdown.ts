/** Markdown as nodes: paragraphs, lists, tables, code, bold, emphasis, links, citations. No images, no markup. */

import { h, safeAddress, type Child } from './nodes';

export interface Marks { server: string; cite(number: number): HTMLElement }

const INLINE = /`([^`\n]+)`|\*\*(?=\S)([^*\n]+?(?:\*(?!\*)[^*\n]+?)*?)\*\*|__(?=\S)([^_\n]+?)__|(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]+?)\*|(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]+?)_(?![\p{L}\p{N}])|!?\[([^\][\n]{1,300})\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+"[^"\n]*")?\s*\)|\[(\d{1,2})\]|(https?:\/\/[^\s<>"'`*_]+[^\s<>"'`*_.,;:!?)\]])/gu;

/** Text of one line or paragraph. */
export function inline(text: string, marks: Marks, depth = 0): Child[] {
  if (depth > 4) return [text];
  const made: Child[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    made.push(text.slice(from, match.index), one(match, marks, depth));
    from = match.index + match[0].length;
  }
  made.push(text.slice(from));
  return made;
}

function one(match: RegExpMatchArray, marks: Marks, depth: number): Child {
  const [whole, code, strong, strong2, em, em2, label, address, number, bare] = match;
  const inner = (text: string) => inline(text, marks, depth + 1);
  if (code) return h('code', { dir: 'ltr' }, code);
  if (strong || strong2) return h('strong', {}, ...inner((strong || strong2)!));
  if (em || em2) return h('em', {}, ...inner((em || em2)!));
  if (number) return marks.cite(Number(number));
  if (bare) return link(bare, [bare], marks);
  // A picture in a text is a way to send data away unseen: only its words are shown.
  return whole!.startsWith('!') ? label! : link(address!, inner(label!), marks);
}

function link(address: string, children: Child[], marks: Marks): Child {
  const safe = safeAddress(address, marks.server);
  if (!safe) return h('span', {}, ...children);
  return h('a', { href: safe, target: '_blank', rel: 'noopener noreferrer nofollow ugc' }, ...children);
}

const FENCE = /^ {0,3}(```|~~~)/;
const ITEM = /^(\s{0,8})([-*+•]|\d{1,3}[.)])\s+(.*)$/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/** The blocks of a text, each as its source: what comes later changes only the last. */
export function blocks(text: string): string[] {
  const found: string[][] = [];
  let fenced = false;
  let apart = true;
  for (const line of text.split(/\r\n|[\r\n]/)) {
    const fence = FENCE.test(line);
    if (!fenced && !line.trim()) { apart = true; continue; }
    const last = found.at(-1);
    // A list goes on over a blank line.
    const goesOn = last && (fenced || !apart || (kind(last[0]!) === 'list' && kind(line) === 'list'));
    if (goesOn && (fenced || (!fence && joins(last[0]!, line)))) last.push(line);
    else found.push([line]);
    if (fence) fenced = !fenced;
    // After a closing fence a new block begins.
    apart = fence && !fenced;
  }
  return found.map((lines) => lines.join('\n'));
}

type Kind = 'code' | 'list' | 'table' | 'heading' | 'quote' | 'text';

function kind(line: string): Kind {
  if (FENCE.test(line)) return 'code';
  if (ITEM.test(line)) return 'list';
  if (ROW.test(line)) return 'table';
  if (/^ {0,3}#{1,6}\s/.test(line)) return 'heading';
  return /^ {0,3}>/.test(line) ? 'quote' : 'text';
}

function joins(first: string, line: string): boolean {
  const a = kind(first);
  const b = kind(line);
  if (a === 'heading' || b === 'heading') return false;
  // A line below a list that is not set in is no part of its last entry.
  return a === b || (a === 'list' && b === 'text' && /^\s/.test(line)) || (a === 'quote' && b === 'text');
}

const RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu;

/** One block as a node, which runs as most of its letters do: a name at its beginning does not turn it. */
export function block(source: string, marks: Marks): HTMLElement {
  const node = made(source, marks);
  const text = node.textContent ?? '';
  const letters = text.match(/\p{L}/gu)?.length;
  if (letters && !node.dir) node.dir = 3 * (text.match(RIGHT)?.length ?? 0) > letters ? 'rtl' : 'ltr';
  return node;
}

function made(source: string, marks: Marks): HTMLElement {
  const lines = source.split('\n');
  const first = lines[0]!;
  switch (kind(first)) {
    case 'code': {
      const closed = lines.length > 1 && FENCE.test(lines.at(-1)!);
      return h('pre', { dir: 'ltr', tabindex: 0 }, h('code', {}, lines.slice(1, closed ? -1 : undefined).join('\n')));
    }
    case 'list': return list(lines, marks);
    case 'table': return table(lines, marks);
    case 'heading': return h('p', { class: 'heading' }, h('strong', {}, ...inline(first.replace(/^\s*#+\s+|\s+#+\s*$/g, ''), marks)));
    case 'quote': return h('blockquote', {}, ...broken(lines.map((line) => line.replace(/^\s*>\s?/, '')), marks));
    default: return h('p', {}, ...broken(lines, marks));
  }
}

function broken(lines: string[], marks: Marks): Child[] {
  return lines.flatMap((line, n) => [n ? h('br') : null, ...inline(line.trimEnd(), marks)]);
}

interface Entry { depth: number; lines: string[]; ordered: boolean; start: number }

function list(lines: string[], marks: Marks): HTMLElement {
  const entries: Entry[] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (!item) { entries.at(-1)?.lines.push(line.trim()); continue; }
    const ordered = /\d/.test(item[2]!);
    entries.push({ depth: item[1]!.length, lines: [item[3]!], ordered, start: ordered ? parseInt(item[2]!, 10) : 1 });
  }
  return nest(entries, marks, 0);
}

function nest(entries: Entry[], marks: Marks, level: number): HTMLElement {
  const top = entries[0]!;
  const made = top.ordered ? h('ol', { start: top.start === 1 ? null : top.start }) : h('ul');
  for (let n = 0; n < entries.length;) {
    const entry = entries[n++]!;
    const below: Entry[] = [];
    while (n < entries.length && entries[n]!.depth > top.depth + 1 && level < 4) below.push(entries[n++]!);
    made.append(h('li', {}, ...broken(entry.lines, marks), below.length > 0 && nest(below, marks, level + 1)));
  }
  return made;
}

function table(lines: string[], marks: Marks): HTMLElement {
  const rows = lines.filter((line, n) => !(n === 1 && RULE.test(line)));
  const headed = rows.length < lines.length;
  const cells = (line: string) => line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
  const made = rows.map((line, n) => h('tr', {}, ...cells(line).map((cell) => (headed && n === 0 ? h('th', { scope: 'col' }, ...inline(cell, marks)) : h('td', {}, ...inline(cell, marks))))));
  return h('div', { class: 'table', tabindex: 0 }, h('table', {}, ...made));
}

/** Shows a text that grows: only blocks that changed are made anew. The result depends on the text alone. */
export class Growing {
  #shown: string[] = [];

  constructor(private readonly into: HTMLElement, private readonly marks: Marks) {}

  /** Show the text; returns the blocks that are now complete and were not before. */
  show(text: string, ended: boolean): string[] {
    const wanted = blocks(text);
    let same = 0;
    while (same < wanted.length && wanted[same] === this.#shown[same]) same++;
    while (this.into.children.length > same) this.into.lastElementChild!.remove();
    for (const source of wanted.slice(same)) this.into.append(block(source, this.marks));
    const complete = this.#complete;
    this.#shown = wanted;
    this.#complete = ended ? wanted.length : Math.max(complete, wanted.length - 1);
    return [...this.into.children].slice(complete, this.#complete).map((node) => node.textContent ?? '');
  }

  #complete = 0;
}
