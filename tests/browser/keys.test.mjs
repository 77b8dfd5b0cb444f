// The keyboard: everything reached by it, nothing kept by it, the same places on every layout; and what is said aloud.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Desk, LOCALES, PLAIN, until } from './desk.mjs';
import { furnish, walk } from './screens.mjs';

let desk;
let set;
before(async () => {
  desk = await Desk.start();
  set = await furnish(desk);
});
afterEach(() => desk.leave());
after(() => desk?.stop());

/** Presses Tab until the focus has been everywhere and tells what it met. */
async function round(page) {
  const wanted = await page.evaluate(() => {
    const seen = (el) => el.checkVisibility({ checkVisibilityCSS: true }) && !el.closest('[inert], [hidden]');
    const all = [...document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex]')]
      .filter((el) => el.tabIndex >= 0 && !el.disabled && seen(el) && !(el.type === 'radio' && el.name && el !== (document.querySelector(`input[type="radio"][name="${el.name}"]:checked`) ?? document.querySelector(`input[type="radio"][name="${el.name}"]`))));
    // Kept beside the page: what is pushed meanwhile may take attributes away, never the elements.
    window.nth = new Map(all.map((el, at) => [el, at]));
    document.activeElement.blur();
    return all.length;
  });
  const met = new Set();
  const faults = [];
  let out = false;
  // A field of date and time has a stop for each of its parts, and one for its calendar.
  const parts = 8 * await page.locator('input[type="datetime-local"], input[type="time"]').count();
  for (let press = 0; press < wanted + parts + 25 && met.size < wanted; press += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const el = document.activeElement;
      if (!el || el === document.body || el === document.documentElement) return null;
      const box = el.getBoundingClientRect();
      // A card's link draws its ring round the whole card.
      const ring = [null, '::after'].some((part) => { const style = getComputedStyle(el, part); return parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none'; });
      const [x, y] = [box.left + Math.min(box.width / 2, box.width - 1), box.top + Math.min(box.height / 2, 12)];
      const top = document.elementFromPoint(x, y);
      const clear = !top || el.contains(top) || top.contains(el) || top.closest('label')?.contains(el) || top.closest('label')?.control === el;
      const name = `${el.localName}${el.id ? `#${el.id}` : ''}.${el.className} "${(el.textContent || el.name || '').trim().slice(0, 30)}"`;
      return { nth: window.nth.get(el), ring, clear, within: box.bottom > 0 && box.top < innerHeight, name };
    });
    // Past the last one the browser itself has the focus; then it begins again.
    if (!at) { out = true; continue; }
    if (at.nth !== undefined) met.add(at.nth);
    if (!at.ring) faults.push(`no ring: ${at.name}`);
    if (!at.within) faults.push(`out of sight: ${at.name}`);
    if (!at.clear) faults.push(`covered: ${at.name}`);
  }
  if (met.size < wanted) {
    const missed = await page.evaluate((had) => [...window.nth.keys()].filter((el) => el.isConnected && !had.includes(window.nth.get(el))).slice(0, 4).map((el) => `${el.localName}#${el.id}.${el.className}`), [...met]);
    if (missed.length) faults.push(`${out ? 'not reached' : 'trapped before'}: ${missed.join(', ')}`);
  }
  return [...new Set(faults)];
}

for (const locale of LOCALES) {
  test(`06 every control of every screen is reached by Tab, with its ring in sight, ${locale}`, async () => {
    const wrong = [];
    await walk(desk, set.screens, locale, async (page, { path, role }) => {
      for (const line of await round(page)) wrong.push(`${role} ${path} ${line}`);
    });
    assert.deepEqual(wrong, []);
  });
}

test('06 what is folded opens by Enter, and its form is sent by Enter', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const id = await desk.comment(`${PLAIN.sv} Bara tangenter.`);
  await visit.claim(id);
  const page = await visit.live(`/desk/${id}`);
  await page.focus('details[data-act="escalate"] > summary');
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('details[data-act="escalate"]').evaluate((el) => el.open));
  await page.focus('details[data-act="escalate"] textarea[name="question"]');
  await page.keyboard.type('Får vi svara?');
  await page.focus('details[data-act="escalate"] button.primary');
  await page.keyboard.press('Enter');
  const state = async () => (await (await visit.api('GET', `/comments/${id}`)).json()).state;
  await until('the escalation', async () => (await state()) === 'escalated');
});

/** A key by its place, with the letter a layout puts there. */
async function key(page, code, letter) {
  const at = await page.context().newCDPSession(page);
  const virtual = code.replace('Key', '').charCodeAt(0);
  const event = { code, key: letter, windowsVirtualKeyCode: virtual, nativeVirtualKeyCode: virtual };
  await at.send('Input.dispatchKeyEvent', { type: 'keyDown', text: letter, ...event });
  await at.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  await at.detach();
}

test('07 a key does the same on a Swedish, an Arabic and an English layout', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  await desk.comments([1, 2, 3].map((n) => `${PLAIN.sv} Tangent ${n}.`));
  for (const [next, back] of [['j', 'k'], ['ت', 'ن'], ['J', 'K']]) {
    const page = await visit.live('/desk?lane=sv');
    const at = () => page.evaluate(() => [...document.querySelectorAll('#queue > .card')].indexOf(document.activeElement.closest('.card')));
    const before = await at();
    await key(page, 'KeyJ', next);
    const first = await at();
    await key(page, 'KeyJ', next);
    assert.equal(await at(), first + 1, `${next}: the next card`);
    await key(page, 'KeyK', back);
    assert.equal(await at(), first, `${back}: the card before`);
    assert.ok(first > before);
    await page.close();
  }
});

test('07 no key does anything but write while a field has the focus', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const id = await desk.comment(`${PLAIN.sv} Skriver.`);
  await visit.claim(id);
  const page = await visit.live(`/desk/${id}`);
  await page.focus('#reply-form textarea[name="text"]');
  for (const [code, letter] of [['KeyX', 'x'], ['KeyL', 'م'], ['KeyJ', 'j'], ['KeyC', 'c'], ['KeyE', 'ث']]) await key(page, code, letter);
  assert.equal(await page.inputValue('#reply-form textarea[name="text"]'), 'xمjcث');
  assert.equal(await page.locator('.claim').getAttribute('data-claim'), 'mine');
  assert.equal(await page.locator('details[data-act="escalate"]').evaluate((el) => el.open), false);
  assert.ok(page.url().endsWith(id));
});

test('08 with the keys off none acts, and with Alt they act with Alt only', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  const at = () => page.evaluate(() => [...document.querySelectorAll('#queue > .card')].indexOf(document.activeElement.closest('.card')));
  const mode = (word) => page.evaluate((to) => { document.documentElement.dataset.keys = to; }, word);
  await mode('off');
  await page.keyboard.press('KeyJ');
  assert.equal(await at(), -1);
  await mode('alt');
  await page.keyboard.press('KeyJ');
  assert.equal(await at(), -1);
  await page.keyboard.press('Alt+KeyJ');
  assert.equal(await at(), 0);
});

test('36 a burst of a hundred is told once in five seconds with its number, and the list is no live region', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  await page.evaluate(() => {
    document.documentElement.dataset.say = 'direct';
    window.said = [];
    const box = document.getElementById('say-polite');
    new MutationObserver(() => { const text = box.textContent.trim(); if (text) window.said.push({ at: performance.now(), text }); }).observe(box, { childList: true, characterData: true, subtree: true });
  });
  await desk.comments(Array.from({ length: 100 }, (_, n) => `${PLAIN.sv} Skur ${n}.`));
  const total = async () => {
    const said = await page.evaluate(() => window.said);
    const numbers = said.map(({ text }) => Number(/(\d+)/.exec(text)?.[1] ?? 0));
    return numbers.reduce((sum, n) => sum + n, 0) >= 100 ? said : null;
  };
  const said = await until('all hundred are told', total, 30_000);
  for (let n = 1; n < said.length; n += 1) assert.ok(said[n].at - said[n - 1].at >= 4_900 || said[n].text === said[n - 1].text, JSON.stringify(said));
  const live = await page.locator('#queue').evaluate((el) => Boolean(el.closest('[aria-live], [role="status"], [role="alert"], [role="log"]')) || Boolean(el.querySelector('[aria-live], [role="status"], [role="alert"], [role="log"]')));
  assert.equal(live, false);
});
