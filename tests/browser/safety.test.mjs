// What keeps hostile content and foreign code out of the pages.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Desk, HEAVY, LOCALES, PLAIN, frame, hostile, until } from './desk.mjs';
import { furnish, walk } from './screens.mjs';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
  + "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types desk";

let desk;
let set;
before(async () => {
  desk = await Desk.start();
  set = await furnish(desk);
});
afterEach(() => desk.leave());
after(() => desk?.stop());

test('03 a walk through all screens violates no policy and asks no other origin', async () => {
  for (const locale of LOCALES) {
    await walk(desk, set.screens, locale, async (page, { visit, path }) => {
      await page.waitForLoadState('load');
      assert.deepEqual(visit.complaints, [], path);
      assert.deepEqual(visit.foreign, [], path);
    });
  }
});

test('04 every page has exactly the policy, and no script, style or handler of its own', async () => {
  await walk(desk, set.screens, 'sv', async (page, { path }) => {
    assert.equal(page.answered.headers()['content-security-policy'], POLICY, path);
    assert.equal(page.answered.headers()['x-content-type-options'], 'nosniff', path);
    const source = await page.answered.text();
    assert.ok(source.length > 500, path);
    assert.doesNotMatch(source, /<[a-z][^<>]*\s(?:style|on[a-z]+|srcdoc)\s*=/i, path);
    assert.doesNotMatch(source, /<script(?![^>]*\ssrc=)[^>]*>|<style|<iframe|javascript:/i, path);
  });
});

test('04 markup in a comment, a name and a search shows as text', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const markup = '<img src=x onerror=alert(1)> Vad betyder <b>detta</b> i ett beslut om mitt barn?';
  const id = await desk.comment(markup, { author: '<i>Någon</i>' });
  const page = await visit.open(`/desk/${id}?find=${encodeURIComponent('"><b id=own>')}`);
  assert.ok((await page.locator(`#text-${id} .ut`).textContent()).includes('<img src=x onerror=alert(1)>'));
  assert.equal(await page.locator('.author').first().textContent(), '<i>Någon</i>');
  assert.equal(await page.locator('.ut img, .ut b, .author i, #own').count(), 0);
});

for (const [what, wrong] of [
  ['a script', '<script>window.ran = 1</script>'],
  ['a handler', '<p onclick="window.ran = 1">x</p>'],
  ['a frame', '<iframe src="/desk"></iframe>'],
  ['a javascript address', '<a href=" java\tscript:window.ran=1">x</a>'],
  ['a style', '<p style="position:fixed">x</p>'],
  ['a script in an inner template', '<div><template><script>window.ran = 1</script></template></div>'],
  ['a form sent to a javascript address', '<form action="javascript:window.ran=1"></form>'],
  ['an image with a handler in SVG', '<svg><image href="x" onerror="window.ran = 1"/></svg>'],
]) {
  test(`19 a frame with ${what} is dropped whole and reported, and the next is applied`, async () => {
    const visit = await desk.visit('sv', { lane: 'sv' });
    const page = await visit.live(`/desk/${set.held}`);
    await page.evaluate(() => { window.dropped = []; document.addEventListener('desk:dropped', (event) => window.dropped.push(event.detail)); });
    const good = '<template data-op="put" data-to="queue-numbers"><p class="muted" id="queue-numbers">fine</p></template>';
    const bad = `<template data-op="put" data-to="queue-numbers"><p class="muted" id="queue-numbers">bad</p></template><template data-op="put" data-to="queue-title"><h2 id="queue-title">${wrong}</h2></template>`;
    await frame(page, bad, false);
    assert.notEqual(await page.locator('#queue-numbers').textContent(), 'bad');
    assert.equal(await page.evaluate(() => window.dropped.length), 1);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    await frame(page, good, false);
    assert.equal(await page.locator('#queue-numbers').textContent(), 'fine');
  });
}

test('33 hostile texts show their control characters and stay in their own card', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const texts = await hostile();
  // NUL is refused at the door: no database keeps it.
  const given = texts.filter((one) => one.text.trim() !== '' && !one.text.includes('\0'));
  assert.ok(given.length >= 35, String(given.length));
  const ids = await desk.comments(given.map((one) => one.text));
  const neighbour = await desk.comment(PLAIN.sv);
  const page = await visit.context.newPage();
  for (const [at, one] of given.entries()) {
    await visit.open(`/desk/${ids[at]}`, page);
    if (page.answered.status() !== 200) { assert.equal(page.answered.status(), 403, one.name); continue; }
    const place = page.locator(`#text-${ids[at]}`);
    if (await place.locator('.mask').count()) continue;
    const shown = await place.textContent();
    // What must show is given as it stands in the source; a hidden text is told in a chip's title.
    const source = await place.innerHTML();
    for (const piece of one.shows ?? []) assert.ok(source.includes(piece), `${one.name}: ${piece} not in ${shown.slice(0, 200)}`);
    assert.doesNotMatch(shown, /[\u202a-\u202e\u2066-\u2069]/, one.name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${one.name} widens the page by ${wide}`);
    const spill = await place.evaluate((box) => {
      const outer = box.getBoundingClientRect();
      // The clip of the text's own box is what a person sees.
      const inner = box.querySelector('.ut')?.getBoundingClientRect() ?? outer;
      return inner.left < outer.left - 1 || inner.right > outer.right + 1;
    });
    assert.equal(spill, false, one.name);
  }
  await visit.open('/desk?lane=sv&limit=200', page);
  const bad = await page.evaluate(() => [...document.querySelectorAll('#queue > .card')].filter((card) => {
    const outer = card.getBoundingClientRect();
    return [...card.querySelectorAll('.card-text')].some((text) => {
      const inner = text.getBoundingClientRect();
      return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1;
    });
  }).map((card) => card.id));
  assert.deepEqual(bad, []);
  assert.ok(neighbour);
});

test('34 masked text is in no page until it is asked for, by key or button, and goes away again', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const word = HEAVY.split(' ').at(-1);
  const id = await desk.comment(`${HEAVY} nummer två`);
  const page = await visit.live('/desk?lane=sv');
  assert.ok(!(await page.content()).includes(word));
  await visit.live(`/desk/${id}`, page);
  const mask = page.locator(`#text-${id} .mask`);
  await mask.waitFor();
  await mask.hover();
  assert.ok(!(await page.content()).includes(word), 'hover does not reveal');
  assert.ok(!(await page.locator('body').ariaSnapshot()).includes(word));
  await page.keyboard.press('KeyB');
  await page.waitForSelector(`#text-${id} .ut`);
  assert.ok((await page.locator(`#text-${id}`).textContent()).includes(word));
  await page.keyboard.press('KeyB');
  await mask.waitFor();
  await mask.locator('button').click();
  await page.waitForSelector(`#text-${id} .ut`);
  await visit.live(`/desk/${id}`, page);
  await mask.waitFor();
  assert.ok(!(await page.content()).includes(word), 'leaving masks again');
  const answer = await (await visit.api('GET', `/comments/${id}/history`)).json();
  const kinds = (answer.events ?? answer).map((event) => event.type ?? event.kind);
  assert.equal(kinds.filter((kind) => kind === 'comment.revealed').length, 1, kinds.join());
});

test('18 one pushed frame reaches two roles with the same bytes, and names neither', async () => {
  const sven = await desk.visit('sv', { lane: 'sv' });
  const stina = await desk.visit('supervisor', { lane: 'sv' });
  const heard = [];
  for (const visit of [sven, stina]) {
    const page = await visit.context.newPage();
    const frames = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
    await visit.live('/desk?lane=sv', page);
    heard.push({ frames, page });
  }
  // The first card stays on the page also when the region is fetched anew.
  const id = (await heard[0].page.locator('#queue > .card:not([data-owner])').first().getAttribute('id')).slice('card-'.length);
  await sven.claim(id);
  const about = (frames) => frames.filter((text) => text.startsWith('<!--queue.sv') && text.includes(`card-${id}`) && text.includes('data-owner'));
  await until('the claim at both', () => heard.every(({ frames }) => about(frames).length > 0));
  assert.equal(about(heard[0].frames)[0], about(heard[1].frames)[0]);
  assert.ok(!about(heard[0].frames)[0].includes('data-mine'));
  await heard[0].page.waitForSelector(`#card-${id}[data-mine]`);
  assert.equal(await heard[1].page.locator(`#card-${id}[data-mine]`).count(), 0);
  await sven.release(id);
});
