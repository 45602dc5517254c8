/** Building nodes. No text ever becomes markup: there is no way to do it in here. */

export type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: never) => unknown);

/** An element. A function listens, `true` is an empty attribute, nothing and `false` are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, Value> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value as EventListener);
    else if (value != null && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child): child is Node | string => child != null && child !== false && child !== ''));
  return made;
}

/** A drawing of lines in a square of 24. */
export function icon(lines: string, name = ''): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const drawn = document.createElementNS(space, 'svg');
  const path = document.createElementNS(space, 'path');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon ${name}` })) drawn.setAttribute(key, value);
  path.setAttribute('d', lines);
  drawn.append(path);
  return drawn;
}

/** An address that may be followed: http, https or mailto, seen from the server; else nothing. */
export function safeAddress(address: string, from: string): string {
  try {
    const url = new URL(address, from);
    return /^(https?|mailto):$/.test(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}
