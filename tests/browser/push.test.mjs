// The desk holds still while others change it, and catches up after silence.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Desk, PLAIN, frame, until } from './desk.mjs';

let desk;
let ids;
before(async () => {
  desk = await Desk.start();
  ids = await desk.comments(Array.from({ length: 30 }, (_, n) => `${PLAIN.sv} Fråga ${n}.`));
});
afterEach(() => desk.leave());
after(() => desk?.stop());

const cards = (page) => page.locator('#queue > .card');
const count = (page) => cards(page).count();

test('17 a card is the same bytes in a first page and in a push', async () => {
  for (const locale of ['sv', 'ar', 'en']) {
    const visit = await desk.visit('sv', { lane: 'sv', locale });
    const page = await visit.context.newPage();
    const frames = [];
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
    await visit.live('/desk?lane=sv', page);
    const id = await desk.comment(`${PLAIN.sv} Sjutton ${locale}.`);
    const mark = `<li class="card" id="card-${id}"`;
    const pushed = await until('the push', () => frames.find((text) => text.includes(mark)));
    const cut = (text) => text.slice(text.indexOf(mark), text.indexOf('</li>', text.indexOf(mark)) + 5);
    const first = await (await visit.context.request.get('/desk?lane=sv')).text();
    if (!first.includes(mark)) assert.fail(`the new comment is not on the first page in ${locale}`);
    assert.equal(cut(pushed), cut(first), locale);
  }
});

test('09 five hundred frames do not move the focused card or take its focus', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  const moved = await page.evaluate(async () => {
    const source = [...document.scripts].find((script) => script.src.endsWith('/js/wire.js')).src;
    const wire = await import(source);
    const list = [...document.querySelectorAll('#queue > .card')];
    const box = document.getElementById('queue-scroll');
    list[9].querySelector('.card-link').focus();
    box.scrollTop = Math.max(40, box.scrollTop);
    const top = () => list[9].getBoundingClientRect().top;
    const start = top();
    let out = 0;
    let most = 0;
    let where = '';
    document.addEventListener('focusout', () => { out += 1; });
    const model = list[0].outerHTML;
    const at = list[0].dataset.id;
    const gone = list.filter((_, n) => n !== 9).map((card) => card.id);
    for (let n = 0; n < 500; n += 1) {
      const id = `new-${n}`;
      const fresh = model.replaceAll(at, id).replace(/<p class="card-tags">/, `<p>${'rad '.repeat(n % 40)}</p><p class="card-tags">`);
      if (n % 3 === 0) wire.apply(`<template data-op="add" data-to="queue" data-before="${document.querySelector('#queue > .card').id}">${fresh}</template>`, true);
      else if (n % 3 === 1) wire.apply(`<template data-op="put" data-to="${list[n % 9].id}">${list[n % 9].outerHTML.replace('<p class="card-tags">', `<p>${'mer '.repeat(n % 50)}</p><p class="card-tags">`)}</template>`, true);
      else if (n % 30 === 2 && gone.length > 12) wire.apply(`<template data-op="del" data-to="${gone.pop()}"></template>`, true);
      const off = Math.abs(top() - start);
      if (off > 1 && !where) where = `frame ${n}: ${off} px, scrolled ${box.scrollTop}`;
      most = Math.max(most, off);
    }
    return { most, where, out, focused: document.activeElement === list[9].querySelector('.card-link') };
  });
  assert.equal(moved.focused, true);
  assert.equal(moved.out, 0);
  assert.ok(moved.most < 1, `${moved.most} px, first at ${moved.where}`);
});

test('12 new cards wait while the list is focused, are counted, and enter by the full stop', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  await cards(page).nth(2).locator('.card-link').focus();
  const had = await count(page);
  const top = await cards(page).nth(0).evaluate((card) => card.getBoundingClientRect().top);
  const fresh = await desk.comments([1, 2, 3].map((n) => `${PLAIN.sv} Väntar ${n}.`));
  const link = page.locator('#q-new .hold-link');
  await link.waitFor();
  await until('the count of three', async () => /\b3\b/.test(await page.locator('#q-new-text').textContent()));
  assert.equal(await count(page), had);
  assert.equal(await cards(page).nth(0).evaluate((card) => card.getBoundingClientRect().top), top, 'the row has its place already');
  await page.keyboard.press('Period');
  for (const id of fresh) await page.waitForSelector(`#card-${id}`);
  assert.equal(await link.isVisible(), false);
  const order = await page.evaluate(() => [...document.querySelectorAll('#queue > .card')].map((card) => card.dataset.id));
  const server = (await (await visit.open('/desk?lane=sv')).locator('#queue > .card').evaluateAll((all) => all.map((card) => card.dataset.id)));
  assert.deepEqual(order.filter((id) => server.includes(id)), server.filter((id) => order.includes(id)));
});

test('13 the focused card that goes leaves a ghost with the reason, and the next card gets the focus', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  const card = cards(page).nth(3);
  const id = await card.getAttribute('id');
  const next = await cards(page).nth(4).getAttribute('id');
  await card.locator('.card-link').focus();
  const before_ = await card.textContent();
  await frame(page, `<template data-op="del" data-to="${id}"></template>`);
  const ghost = page.locator(`#${id}[data-gone]`);
  await ghost.waitFor();
  assert.notEqual(await ghost.textContent(), before_);
  assert.equal(await page.evaluate((at) => document.activeElement.closest('.card')?.id === at, id), true);
  await page.keyboard.press('KeyJ');
  await ghost.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.closest('.card')?.id), next);
});

test('14 an offline browser is told at once, and told again when the line is back', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  await visit.context.setOffline(true);
  await page.waitForSelector('#live-banner .note-warn', { timeout: 1000 });
  await visit.context.setOffline(false);
  await page.waitForSelector('#live-banner .note-ok');
  await page.waitForSelector('#live[data-live="on"]');
});

test('14 traffic that is dropped without a word is noticed within thirteen seconds', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.context.newPage();
  let deaf = false;
  await page.routeWebSocket(/\/wire\?/, (client) => {
    const server = client.connectToServer();
    server.onMessage((message) => { if (!deaf) client.send(message); });
  });
  await visit.live('/desk?lane=sv', page);
  deaf = true;
  await page.waitForSelector('#live-banner .note-warn', { timeout: 14_500 });
});

test('15 after a silence with missed frames the list equals a fresh page', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  await visit.context.setOffline(true);
  await page.waitForSelector('#live[data-live="lost"]');
  const fresh = await desk.comments(Array.from({ length: 12 }, (_, n) => `${PLAIN.sv} Under tystnaden ${n}.`));
  const other = await desk.visit('supervisor', { lane: 'sv' });
  for (const id of ids.slice(0, 2)) await other.claim(id);
  await visit.context.setOffline(false);
  await page.waitForSelector('#live[data-live="on"]');
  await page.waitForSelector(`#card-${ids[0]}[data-owner]`);
  await until('all missed cards', async () => (await page.locator(`#card-${fresh.at(-1)}`).count()) === 1 || page.locator('#q-new .hold-link').isVisible());
  if (await page.locator('#q-new .hold-link').isVisible()) await page.keyboard.press('Period');
  const look = (at) => at.evaluate(() => [...document.querySelectorAll('#queue > .card')].map((card) => {
    const copy = card.cloneNode(true);
    for (const time of copy.querySelectorAll('time')) time.replaceWith('');
    copy.removeAttribute('data-current');
    return copy.outerHTML.replace(/\s+/g, ' ');
  }));
  const again = await visit.live('/desk?lane=sv');
  // Compared by card: which page of a long list a card is on is the pager's matter.
  const [here, there] = [await look(page), await look(again)];
  const known = new Map(here.map((html) => [/id="([^"]+)"/.exec(html)[1], html]));
  const compared = there.filter((html) => known.has(/id="([^"]+)"/.exec(html)[1]));
  assert.ok(compared.length > 20, String(compared.length));
  for (const html of compared) assert.equal(known.get(/id="([^"]+)"/.exec(html)[1]), html);
  assert.ok(fresh.every((id) => known.has(`card-${id}`)));
  for (const id of ids.slice(0, 2)) await other.release(id);
});

test('16 a region that cannot be replayed is fetched anew, and draft and focus stay', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const id = await desk.comment(`${PLAIN.sv} Sexton.`);
  await visit.claim(id);
  const page = await visit.live(`/desk/${id}`);
  const field = page.locator('#reply-form textarea[name="text"]');
  await field.fill('Halvfärdig text');
  const asked = page.waitForResponse((answer) => answer.request().resourceType() === 'fetch' && answer.url().endsWith(`/desk/${id}`));
  await frame(page, '<template data-op="stale" data-to="queue.sv"></template>');
  await asked;
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  assert.equal(await field.inputValue(), 'Halvfärdig text');
  assert.equal(await field.evaluate((at) => document.activeElement === at), true);
  await visit.release(id);
});

test('16 what is pushed while a region is fetched anew is not drawn over by the older answer', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const [id] = ids;
  const page = await visit.live('/desk?lane=sv');
  const card = page.locator(`#card-${id}`);
  await card.waitFor();
  let old;
  let deliver;
  const delivered = new Promise((done) => { deliver = done; });
  const taken = new Promise((done) => { old = done; });
  let asked = 0;
  await page.route(/\/desk\?lane=sv/, async (route) => {
    asked += 1;
    if (asked > 1) { await route.continue(); return; }
    const answer = await route.fetch();
    old();
    await delivered;
    await route.fulfill({ response: answer });
  });
  await frame(page, '<template data-op="stale" data-to="queue.sv"></template>');
  await taken;
  await visit.claim(id);
  await page.waitForSelector(`#card-${id}[data-owner]`);
  deliver();
  await until('the second answer', () => asked >= 2);
  await page.waitForSelector(`#card-${id}[data-mine]`);
  await visit.release(id);
});

test('16 every region of a topic is fetched anew, not only its first', async () => {
  const visit = await desk.visit('lead');
  const page = await visit.live('/load');
  const marked = await page.evaluate(() => {
    const regions = document.querySelectorAll('[data-topic="load"]');
    for (const region of regions) region.append(Object.assign(document.createElement('i'), { className: 'of-before' }));
    return regions.length;
  });
  assert.ok(marked > 1, String(marked));
  await frame(page, '<template data-op="stale" data-to="load"></template>');
  await page.waitForFunction(() => !document.querySelector('.of-before'));
});

test('10 what is typed under twenty frames a second stays exact', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const id = await desk.comment(`${PLAIN.sv} Tio.`);
  await visit.claim(id);
  const page = await visit.live(`/desk/${id}`);
  const field = page.locator('#reply-form textarea[name="text"]');
  await field.focus();
  await page.evaluate(async () => {
    const source = [...document.scripts].find((script) => script.src.endsWith('/js/wire.js')).src;
    const wire = await import(source);
    window.pushes = 0;
    setInterval(() => {
      window.pushes += 1;
      const card = document.querySelectorAll('#queue > .card')[window.pushes % 10];
      wire.apply(`<template data-op="put" data-to="${card.id}">${card.outerHTML}</template>`, true);
    }, 50);
  });
  const text = 'En mening som skrivs medan annat händer. '.repeat(5).slice(0, 200);
  await field.pressSequentially(text, { delay: 8 });
  assert.equal(await field.inputValue(), text);
  assert.equal(await field.evaluate((at) => at.selectionStart), text.length);
  assert.ok(await page.evaluate(() => window.pushes) > 10);
  await visit.release(id);
});

// Last: it ends the server.
test('14 a server that goes is told of within two seconds', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const page = await visit.live('/desk?lane=sv');
  await desk.kill();
  await page.waitForSelector('#live-banner .note-warn', { timeout: 2000 });
  assert.match(await page.locator('#live-banner').textContent(), /\d\d[.:]\d\d/);
});
