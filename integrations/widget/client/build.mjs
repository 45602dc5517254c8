// Builds the widget: loader, panel, one file of words a language. `node build.mjs [FOLDER]`, default ../static.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../static'));
const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8);
const read = (language) => JSON.parse(readFileSync(join(here, 'languages', `${language}.json`), 'utf8'));

const languages = readdirSync(join(here, 'languages')).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)).sort();
const english = read('en');
// A text that a language lacks is English's; texts are kept in the order of their keys, which the panel knows.
// The loader takes the first (its own label) with it and knows the second by its place.
const keys = ['open', 'dismiss', ...Object.keys(english).filter((key) => key !== 'open' && key !== 'dismiss')];
const words = Object.fromEntries(languages.map((language) => [language, keys.map((key) => read(language)[key] || english[key])]));
const version = hash(JSON.stringify(words));

/** Style sheets are texts in the scripts: put together as constructable sheets, they need no inline style. */
const styles = {
  name: 'styles',
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const made = await build({ entryPoints: [path], minify: true, write: false, target: 'es2022', legalComments: 'none' });
      return { contents: made.outputFiles[0].text.trim(), loader: 'text' };
    });
  },
};

async function bundle(entry, define) {
  const made = await build({
    entryPoints: [join(here, 'src', entry)], bundle: true, minify: true, format: 'esm', target: 'es2022', write: false,
    charset: 'utf8', legalComments: 'none', plugins: [styles], define, absWorkingDir: here, mangleProps: /^_[a-z]/,
  });
  return made.outputFiles[0].text;
}

const panel = await bundle('panel.ts', { KEYS: JSON.stringify(keys.join(' ')) });
const panelName = `panel.${hash(panel)}.js`;
const loader = await bundle('loader.ts', {
  PANEL: JSON.stringify(`./widget/${panelName}`), VERSION: JSON.stringify(version),
  LAUNCHER: JSON.stringify(languages.map((language) => `${language}|${words[language][0]}`).join('\n')),
});

rmSync(join(out, 'widget'), { recursive: true, force: true });
mkdirSync(join(out, 'widget'), { recursive: true });
writeFileSync(join(out, 'widget.js'), loader);
writeFileSync(join(out, 'widget', panelName), panel);
for (const language of languages) writeFileSync(join(out, 'widget', `${language}.${version}.json`), JSON.stringify(words[language]));
