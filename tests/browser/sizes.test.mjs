// What a page weighs, how its colours stand against each other, and how it bears other settings than ours.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Desk, LOCALES, PLAIN } from './desk.mjs';
import { furnish, walk } from './screens.mjs';

const KB = 1024;
let desk;
let set;
before(async () => {
  desk = await Desk.start();
  set = await furnish(desk);
  await desk.comments(Array.from({ length: 60 }, (_, n) => `${PLAIN.sv} Vikt ${n}.`));
  await desk.comments(Array.from({ length: 60 }, (_, n) => `${PLAIN.ar} ${n}`));
});
afterEach(() => desk.leave());
after(() => desk?.stop());

/** Bytes on the wire of one address, as a browser gets it that takes gzip. */
function weigh(url, cookie) {
  return new Promise((done, fail) => {
    get(url, { headers: { 'accept-encoding': 'gzip', cookie } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        const packed = Boolean(answer.headers['content-encoding']) || (answer.headers['content-type'] ?? '').startsWith('font/');
        done(packed ? body.length : gzipSync(body, { level: 9 }).length);
      });
    }).on('error', fail);
  });
}

/** Weights of a first visit, by kind. */
async function weights(visit, path) {
  const asked = [];
  const page = await visit.context.newPage();
  page.on('request', (request) => asked.push([request.resourceType(), request.url()]));
  await page.goto(path);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState('networkidle').catch(() => {});
  const cookie = (await visit.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const sum = { script: 0, stylesheet: 0, font: 0, document: 0, all: 0 };
  for (const [url, kind] of new Map(asked.map(([kind, url]) => [url, kind]))) {
    if (!url.startsWith('http')) continue;
    const bytes = await weigh(url, cookie);
    if (kind in sum) sum[kind] += bytes;
    sum.all += bytes;
  }
  await page.close();
  return sum;
}

for (const [locale, role, lane, fonts, first] of [['sv', 'sv', 'sv', 50, 130], ['ar', 'ar', 'ar', 140, 220]]) {
  test(`39 the desk with fifty cards keeps its budget, ${locale}`, async () => {
    const visit = await desk.visit(role, { lane, locale });
    const page = await visit.open(`/desk?lane=${lane}`);
    assert.ok(await page.locator('#queue > .card').count() >= 50);
    // A comment may carry Arabic words in any lane, and they need their letters.
    const isMixed = await page.locator('#queue').evaluate((queue) => /\p{Script=Arabic}/u.test(queue.textContent));
    const [ofFonts, ofAll] = isMixed ? [140, 220] : [fonts, first];
    await page.close();
    const sum = await weights(visit, `/desk?lane=${lane}`);
    const said = JSON.stringify(sum);
    assert.ok(sum.script > 0 && sum.script <= 24 * KB, `scripts ${said}`);
    assert.ok(sum.stylesheet > 0 && sum.stylesheet <= 14 * KB, `styles ${said}`);
    assert.ok(sum.font > 0 && sum.font <= ofFonts * KB, `fonts ${said}`);
    assert.ok(sum.document <= 20 * KB, `page ${said}`);
    assert.ok(sum.all <= ofAll * KB, `first visit ${said}`);
  });
}

test('40 every colour of text and of controls stands out from every ground, light and dark', async () => {
  const visit = await desk.visit();
  const page = await visit.open('/in');
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const low = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('span'));
      const channels = (token) => {
        probe.style.color = `var(--${token})`;
        return getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
      };
      const light = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
      const ratio = (a, b) => { const [hi, lo] = [light(channels(a)), light(channels(b))].sort((x, y) => y - x); return (hi + 0.05) / (lo + 0.05); };
      const found = [];
      const hold = (fore, back, least) => { const got = ratio(fore, back); if (!(got >= least)) found.push(`${fore} on ${back}: ${got.toFixed(2)}`); };
      for (const back of ['bg', 'bg2', 'bg3', 'sel']) {
        for (const fore of ['text', 'muted', 'accent', 'danger', 'warn', 'ok', 'info']) hold(fore, back, 4.5);
        for (const fore of ['line', 'ring']) hold(fore, back, 3);
      }
      hold('on-accent', 'accent', 4.5);
      hold('text', 'mark', 4.5);
      for (const step of [1, 2, 3, 4]) hold('heat-low', `h${step}`, 4.5);
      for (const step of [5, 6, 7, 8]) hold('heat-high', `h${step}`, 4.5);
      probe.remove();
      return found;
    });
    assert.deepEqual(low, [], colorScheme);
  }
});

test('40 nothing moves for who asked for that, and every screen stands in forced colours and on paper', async () => {
  const wrong = [];
  await walk(desk, set.screens, 'sv', async (page, { path, role }) => {
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((el) => {
      const style = getComputedStyle(el);
      return [style.transitionDuration, style.animationDuration].some((list) => list.split(',').some((time) => parseFloat(time) > 0.001));
    }).slice(0, 3).map((el) => `${el.localName}.${el.className}`));
    if (moving.length) wrong.push(`${role} ${path} moves: ${moving}`);
    for (const media of [{ forcedColors: 'active' }, { media: 'print', forcedColors: 'none' }]) {
      await page.emulateMedia(media);
      const there = await page.evaluate(() => { const main = document.querySelector('main, #work'); return Boolean(main) && main.getBoundingClientRect().height > 40 && main.innerText.trim().length > 10; });
      if (!there) wrong.push(`${role} ${path} ${JSON.stringify(media)}`);
    }
    await page.emulateMedia({ media: 'screen', forcedColors: 'none' });
  });
  assert.deepEqual(wrong, []);
});

/** Words that are cut off: text wider or higher than the box that hides what goes over it. */
const cut = () => [...document.querySelectorAll('body *')].filter((el) => {
  if (!el.checkVisibility() || el.closest('.vh, [hidden], dialog:not([open]), svg') || ![...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) return false;
  const style = getComputedStyle(el);
  // What the public wrote is cut on purpose in lists, and told whole on its own page.
  if (el.closest('.card, .ut') || style.textOverflow === 'ellipsis') return false;
  const hides = (axis) => ['hidden', 'clip'].includes(style[`overflow${axis}`]);
  return hides('X') && el.scrollWidth > el.clientWidth + 1 || hides('Y') && el.scrollHeight > el.clientHeight + 1;
}).slice(0, 3).map((el) => `${el.localName}.${el.className} "${el.textContent.trim().slice(0, 30)}"`);
const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;

for (const locale of LOCALES) {
  test(`28 wider spacing of text cuts nothing off, ${locale}`, async () => {
    const wrong = [];
    await walk(desk, set.screens, locale, async (page, { path, role }) => {
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
        document.adoptedStyleSheets = [sheet];
      });
      const [lost, over] = [await page.evaluate(cut), await page.evaluate(sideways)];
      if (lost.length || over > 0) wrong.push(`${role} ${path} ${over} px ${lost.join('; ')}`);
    }, { viewport: { width: 1280, height: 800 } });
    assert.deepEqual(wrong, []);
  });
}

test('28 words that are two fifths longer cut nothing off', async () => {
  const wrong = [];
  for (const width of [1280, 390]) {
    await walk(desk, set.screens, 'sv', async (page, { path, role }) => {
      await page.evaluate(() => {
        const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (words.nextNode()) {
          const { currentNode: node } = words;
          const text = node.data.trim();
          if (text.length > 2 && !node.parentElement.closest('.ut, bdi, time, textarea, script, style, svg')) node.data = `${node.data} ${'ordet '.repeat(Math.ceil(text.length * 0.4 / 6)).slice(0, Math.ceil(text.length * 0.4))}`;
        }
      });
      const [lost, over] = [await page.evaluate(cut), await page.evaluate(sideways)];
      if (lost.length || over > 0) wrong.push(`${width} ${role} ${path} ${over} px ${lost.join('; ')}`);
    }, { viewport: { width, height: 800 } });
  }
  assert.deepEqual(wrong, []);
});
