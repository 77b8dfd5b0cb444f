// How the pages read and stand: accessibility, directions, sizes, words.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';
import { Desk, LOCALES } from './desk.mjs';
import { furnish, walk } from './screens.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ASSETS = new URL('../../frontend-assets/', import.meta.url);
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let desk;
let set;
before(async () => {
  desk = await Desk.start();
  set = await furnish(desk);
});
afterEach(() => desk.leave());
after(() => desk?.stop());

/** Serious and critical findings, one line each. */
async function findings(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join(' | ')}`);
}

for (const locale of LOCALES) {
  for (const colorScheme of ['light', 'dark']) {
    test(`01 no serious violation on any screen, ${locale}, ${colorScheme}`, async () => {
      const wrong = [];
      await walk(desk, set.screens, locale, async (page, { path, role }) => {
        for (const line of await findings(page)) wrong.push(`${role} ${path} ${line}`);
      }, { colorScheme });
      assert.deepEqual(wrong, []);
    });
  }
}

test('02 nor with a dialog open, an error summary shown, a filled composer, a mask, a banner', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live(`/desk/${set.held}`);
  await page.keyboard.press('Digit1');
  assert.deepEqual(await findings(page), [], 'composer filled');
  await page.locator('#reply-form textarea[name="text"]').fill(`${'mycket '.repeat(1500)}`);
  await page.click('#reply-form [data-act="send"]', { force: true });
  assert.deepEqual(await findings(page), [], 'refused');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Shift+Slash');
  await page.evaluate(() => { if (!document.querySelector('dialog[open]')) document.querySelector('[data-act="help"]').click(); });
  await page.waitForSelector('dialog[open]');
  assert.deepEqual(await findings(page), [], 'dialog');
  await page.keyboard.press('Escape');
  await visit.context.setOffline(true);
  await page.waitForSelector('#live-banner .note-warn');
  assert.deepEqual(await findings(page), [], 'banner');
  await visit.context.setOffline(false);
  const visitor = await desk.visit();
  const at = await visitor.open('/in');
  await at.fill('#email', 'ingen@demo.example');
  await at.fill('#password', 'fel lösenord');
  await at.click('main form .primary');
  await at.waitForSelector('.errors');
  assert.deepEqual(await findings(at), [], 'error summary');
});

for (const locale of LOCALES) {
  test(`27 nothing scrolls sideways at 320 by 640, ${locale}`, async () => {
    const wrong = [];
    await walk(desk, set.screens, locale, async (page, { path, role }) => {
      const wide = await page.evaluate(() => {
        const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        if (over <= 0) return null;
        const worst = [...document.querySelectorAll('body *')].filter((el) => { const box = el.getBoundingClientRect(); return box.width && (box.right > innerWidth + 1 || box.left < -1); });
        return `${over} px: ${worst.slice(0, 3).map((el) => `${el.localName}.${el.className}`).join(', ')}`;
      });
      if (wide) wrong.push(`${role} ${path} ${wide}`);
    }, { viewport: { width: 320, height: 640 } });
    assert.deepEqual(wrong, []);
  });
}

test('29 Arabic runs from right to left: panes and direction icons mirror, numbers and sending do not', async () => {
  const visit = await desk.visit('sv', { lane: 'sv', locale: 'ar' });
  const page = await visit.live(`/desk/${set.held}`);
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  const place = (id) => page.locator(id).evaluate((pane) => pane.getBoundingClientRect().left);
  assert.ok(await place('#pane-queue') > await place('#pane-item'));
  assert.ok(await place('#pane-item') > await place('#pane-reply'));
  const refs = await page.locator('#queue .ref bdi').evaluateAll((all) => all.map((el) => getComputedStyle(el).direction));
  assert.ok(refs.length > 3 && refs.every((direction) => direction === 'ltr'));
  // Only what is drawn: the browser tells no transform of what is not.
  const flipped = (icons) => page.locator(icons).filter({ visible: true }).evaluateAll((all) => all.map((el) => getComputedStyle(el).transform.startsWith('matrix(-1')));
  const still = await flipped('.i-send, .i-clock, .i-undo, .i-check');
  assert.ok(still.length > 0 && !still.some(Boolean), 'sending, clock and check do not mirror');
  await page.setViewportSize({ width: 400, height: 800 });
  const turned = await flipped('.i-dir');
  assert.ok(turned.length > 0 && turned.every(Boolean), 'direction icons mirror');
});

test('30 the style sheets know no left and no right', async () => {
  const folder = new URL('css/', ASSETS);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.css'));
  assert.ok(files.length >= 6);
  for (const name of files) {
    const css = (await readFile(new URL(name, folder), 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '');
    assert.doesNotMatch(css, /(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding|inset)-)?(?:left|right)(?:-(?:color|width|style))?\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)/, name);
  }
});

const ARABIC = [[0, 'zero'], [1, 'one'], [2, 'two'], [3, 'few'], [10, 'few'], [11, 'many'], [99, 'many'], [100, 'other'], [102, 'other']];
test('31 Arabic counts take the form of their number, with the number of the page in it', async () => {
  const visit = await desk.visit('sv', { lane: 'sv', locale: 'ar' });
  const page = await visit.live('/desk?lane=sv');
  const said = await page.evaluate(async (counts) => {
    const wire = await import([...document.scripts].find((script) => script.src.endsWith('/js/wire.js')).src);
    return counts.map((n) => wire.counted('hold', n));
  }, ARABIC.map(([n]) => n));
  const shape = said.map((text) => text.replace(/\p{Nd}+/u, '#'));
  const at = (n) => shape[ARABIC.findIndex(([number]) => number === n)];
  assert.equal(new Set([at(1), at(2), at(3), at(11)]).size, 4, said.join(' | '));
  assert.equal(at(3), at(10));
  assert.equal(at(11), at(99));
  assert.equal(at(100), at(102));
  for (const n of [3, 10, 11, 99, 100, 102]) assert.ok(said[ARABIC.findIndex(([number]) => number === n)].includes(String(n)), said.join(' | '));
  // The server says the same as the page for the numbers it has samples of.
  const samples = await page.evaluate(() => [0, 1, 2, 3, 11, 100].map((n) => document.querySelector(`#words [data-k="hold-${n}"]`).textContent));
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((n) => said[ARABIC.findIndex(([number]) => number === n)]), samples);
});

test('32 no screen shows the name of a text, a placeholder, or a text of another language', async () => {
  const keys = new Set();
  for (const name of await readdir(new URL('locales/sv/', ASSETS))) {
    for (const [, key] of (await readFile(new URL(`locales/sv/${name}`, ASSETS), 'utf8')).matchAll(/^([a-z][a-z0-9-]*-[a-z0-9-]+)\s*=/gm)) keys.add(key);
  }
  assert.ok(keys.size > 300, String(keys.size));
  for (const locale of LOCALES) {
    const wrong = [];
    await walk(desk, set.screens, locale, async (page, { path, role }) => {
      const shown = await page.evaluate(() => {
        const out = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          // What people wrote, names, and other languages' own names are no texts of the page.
          if (node.parentElement.closest('.ut, bdi, textarea, script, .langs, kbd, option[lang], [lang]:not(html)')) continue;
          const text = node.textContent.trim();
          if (text) out.push(text);
        }
        for (const el of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) for (const name of ['aria-label', 'title', 'placeholder', 'alt']) if (el.getAttribute(name) && !el.closest('.ut, bdi')) out.push(el.getAttribute(name));
        return out;
      });
      for (const text of shown) {
        if (keys.has(text) || /\{\s*\$|⟪|\?\?|(?<!\w)[a-z]+-[a-z]+-[a-z-]+(?!\w)|undefined|\[object/.test(text)) wrong.push(`${role} ${path}: ${text}`);
        if (locale === 'ar' && /\p{Script=Latin}{3,}\s+\p{Script=Latin}{3,}/u.test(text)) wrong.push(`${role} ${path}: ${text}`);
        if (locale === 'en' && /[åäö]/i.test(text)) wrong.push(`${role} ${path}: ${text}`);
      }
    });
    assert.deepEqual([...new Set(wrong)], [], locale);
  }
});
