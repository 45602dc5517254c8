/** A file that was sent, by either side: what the server made of it, never what the device or a page holds. */

import { FILE } from './icons';
import { h, icon } from './nodes';
import type { Desk, SentFile } from './shapes';

const SIDE = 320;

/** Its name, which saves it; a picture above, where it is one. */
export function fileShown(desk: Desk, file: SentFile): HTMLElement {
  let held: Promise<Blob> | undefined;
  // What failed is asked for again when it is wanted again.
  const content = () => (held ??= desk.file(file.attachment_id).catch((error: unknown) => { held = undefined; throw error; }));
  const shown = h('button', { type: 'button', class: 'file', click: () => void content().then((blob) => save(blob, file.name), () => desk.announce(desk.t.say('error'))) },
    icon(FILE), h('bdi', {}, file.name));
  if (/^image\/(png|jpeg|webp)$/.test(file.media_type ?? '')) picture(shown, content);
  return shown;
}

/** Drawn, so that no content security rule of the page stands against it; once it is seen, for it may be large. */
function picture(into: HTMLElement, content: () => Promise<Blob>): void {
  const canvas = h('canvas', { width: SIDE, height: SIDE, 'aria-hidden': 'true' });
  into.prepend(canvas);
  new IntersectionObserver((seen, eye) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    eye.disconnect();
    content().then(createImageBitmap).then((drawn) => {
      const side = Math.min(drawn.width, drawn.height);
      canvas.getContext('2d')?.drawImage(drawn, (drawn.width - side) / 2, (drawn.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
      canvas.dataset['drawn'] = '';
      drawn.close();
    }).catch(() => canvas.remove());
  }).observe(canvas);
}

/** Have the browser save something under a name. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Whether words only say what files are called, which the files say themselves. */
export function names(text: string, files: readonly SentFile[]): boolean {
  return files.length > 0 && text === files.map((file) => file.name).join(', ');
}
