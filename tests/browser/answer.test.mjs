// From a comment to a sent reply, as the person at the desk does it.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Desk, PLAIN, until } from './desk.mjs';

let desk;
before(async () => { desk = await Desk.start(); });
afterEach(() => desk.leave());
after(() => desk?.stop());

/** Counts what the mouse does, and listens to what leaves. */
async function watch(page) {
  await page.addInitScript(() => {
    window.mouse = 0;
    for (const kind of ['mousedown', 'pointerdown']) addEventListener(kind, () => { window.mouse += 1; }, true);
  });
}

/** Opens a fresh comment as its holder with the first suggestion in the text field. */
async function ready(visit, lane) {
  // Of a platform that takes replies; what is handed in by hand is answered by hand.
  const id = await desk.comment(PLAIN[lane], { connector: 'facebook' });
  await visit.claim(id);
  const page = await visit.live(`/desk/${id}`);
  await page.waitForSelector('.pick-one');
  await page.keyboard.press('Digit1');
  return { id, page };
}
const row = (id) => `#outbox .send[data-undo-until]:has(a[href="/desk/${id}"])`;
const text = (page) => page.locator('#reply-form textarea[name="text"]');

/** Empties every slot's place with a word, so that nothing is left open. */
async function fillSlots(page) {
  for (const slot of await page.locator('#reply-form .slots input').all()) await slot.fill('Exempel');
}

test('05 claim to send takes four keys and no mouse, and the public sees the reply', async () => {
  const visit = await desk.visit('ar', { lane: 'ar', locale: 'ar' });
  // A comment of the stand-in, so that the reply has somewhere to be seen. Its first suggestion must have no slot.
  const { items } = await (await visit.api('GET', '/queue?lane=ar&state=open')).json();
  let chosen = null;
  for (const item of items.filter((one) => desk.platforms.some((at) => at.platform === one.platform))) {
    const { suggestions } = await (await visit.api('GET', `/comments/${item.id}`)).json();
    if (suggestions?.[0] && !suggestions[0].text.includes('[')) { chosen = item; break; }
  }
  assert.ok(chosen, 'the demonstration has a comment on a stand-in whose first suggestion needs no words of one\'s own');
  const page = await visit.context.newPage();
  await watch(page);
  await visit.live(`/desk/${chosen.id}`, page);
  await page.keyboard.press('KeyC');
  await page.waitForSelector('.claim[data-claim="mine"]');
  await page.waitForSelector('.pick-one[data-insert="1"]');
  await page.keyboard.press('Digit1');
  const slots = page.locator('#reply-form .slots input');
  assert.equal(await slots.count(), 0, 'the example must have a suggestion without slots');
  const said = await text(page).inputValue();
  assert.ok(said.length > 20, said);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('#outbox .send[data-undo-until]');
  assert.equal(await page.evaluate(() => window.mouse), 0);
  const shown = said.trim().split('\n')[0].slice(0, 40);
  await until('the reply on the stand-in', async () => (await desk.standin(chosen.platform)).includes(shown), 30_000);
  await page.waitForSelector('#outbox .send-delivered', { state: 'attached' });
  assert.deepEqual(visit.complaints, []);
});

test('21 a doubled Ctrl+Enter sends one reply', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const { id, page } = await ready(visit, 'sv');
  await fillSlots(page);
  const sent = [];
  page.on('request', (request) => { if (request.url().endsWith('/decide')) sent.push(request.headers()['idempotency-key']); });
  await text(page).press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  await page.locator(row(id)).waitFor();
  assert.equal((await page.locator('#say-assertive').textContent()).trim(), '', 'what was sent is not told as lost');
  const { events } = await history(visit, id);
  assert.equal(events.filter((event) => event.type === 'comment.decided').length, 1, JSON.stringify(events));
  assert.equal(await page.locator(row(id)).count(), 1);
  assert.ok(sent.length >= 1 && sent.every(Boolean), 'every sending has a key');
});

test('21 a request that is sent again with its key decides once', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const id = await desk.comment(PLAIN.sv);
  await visit.claim(id);
  const send = () => visit.context.request.post(`/desk/${id}/decide`, {
    form: { kind: 'leave', revision: '1' },
    headers: { origin: desk.url, accept: 'text/vnd.desk+html', 'idempotency-key': 'browser-same-key-0001' },
  });
  const [first, second] = await Promise.all([send(), send()]);
  const third = await send();
  for (const answer of [first, second, third]) assert.ok([200, 409, 425].includes(answer.status()), String(answer.status()));
  assert.equal(third.status(), 200);
  const { events } = await history(visit, id);
  assert.equal(events.filter((event) => event.type === 'comment.decided').length, 1, JSON.stringify(events));
});

async function history(visit, id) {
  const answer = await visit.api('GET', `/comments/${id}/history`);
  assert.equal(answer.status(), 200, await answer.text());
  const body = await answer.json();
  const events = (body.events ?? body).map((event) => ({ ...event, type: event.type ?? event.kind }));
  return { events };
}

test('21 of two who claim at once one wins and the other reads who within a second', async () => {
  const sven = await desk.visit('sv', { lane: 'sv' });
  const stina = await desk.visit('supervisor', { lane: 'sv' });
  const id = await desk.comment(PLAIN.sv);
  const pages = await Promise.all([sven, stina].map((visit) => visit.live(`/desk/${id}`)));
  const before_ = Date.now();
  await Promise.all(pages.map((page) => page.locator('.claim [data-act="claim"]').click({ noWaitAfter: true })));
  await Promise.all(pages.map((page) => page.waitForSelector('.claim:not([data-claim="free"])')));
  const took = Date.now() - before_;
  const states = await Promise.all(pages.map((page) => page.locator('.claim').getAttribute('data-claim')));
  assert.deepEqual([...states].sort(), ['mine', 'other']);
  const winner = states[0] === 'mine' ? sven : stina;
  const loser = states[0] === 'mine' ? pages[1] : pages[0];
  const name = winner.me.pseudonym ?? winner.me.person?.pseudonym;
  assert.ok((await loser.locator('.claim').textContent()).includes(name), name);
  assert.ok(took < 2000, `${took} ms`);
  assert.equal(await loser.locator('#reply-form').count(), 0);
  await winner.release(id);
});

test('22 undo within the window stops the sending, also after a reload and in a tab opened anew', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const { id, page } = await ready(visit, 'sv');
  await fillSlots(page);
  await text(page).press('Control+Enter');
  const mine = page.locator(row(id));
  await mine.waitFor();
  assert.match(await mine.locator('time').first().textContent(), /\d\d[.:]\d\d[.:]\d\d/, 'the row names the exact time');
  await page.reload();
  await mine.waitFor();
  await page.close();
  const again = await visit.live('/desk');
  const undo = again.locator(`${row(id)} [data-act="undo"]`);
  await undo.click();
  await again.waitForSelector(row(id), { state: 'detached' });
  const state = await (await visit.api('GET', `/comments/${id}`)).json();
  assert.ok(!['sent', 'delivered', 'sending'].includes(state.state), state.state);
  const { events } = await history(visit, id);
  assert.ok(!events.some((event) => event.type === 'comment.sent'), JSON.stringify(events));
});

test('24 an unfilled slot, an over-long text and an identity number each stop the sending with a reason in words', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const { id, page } = await ready(visit, 'sv');
  const button = page.locator('#reply-form [data-act="send"]');
  const guard = page.locator(`#guard-${id}`);
  assert.equal(await button.getAttribute('aria-describedby'), `guard-${id}`);
  const wrongs = [
    ['too-long', `${await text(page).inputValue()}${' och mer'.repeat(1500)}`],
    ['identity-number', `${await text(page).inputValue()} 19121212-1212`],
  ];
  for (const [code, wrong] of wrongs) {
    await text(page).fill(wrong);
    await button.click({ noWaitAfter: true, force: true });
    const line = guard.locator(`[data-code="${code}"]`);
    await line.waitFor();
    assert.ok((await line.textContent()).trim().length > 10);
    assert.equal(await page.locator(row(id)).count(), 0, code);
  }
  const slotted = page.locator('.pick-one:has(.slot)');
  if (await slotted.count()) {
    await slotted.first().click();
    await button.click({ noWaitAfter: true, force: true });
    await guard.locator('[data-code="unfilled-slot"]').first().waitFor();
    assert.equal(await page.locator(row(id)).count(), 0);
  }
  await visit.release(id);
});

test('23 the holder is warned before the claim ends, may extend it by a key ten times, and keeps the draft', async () => {
  const visit = await desk.visit('sv', { lane: 'sv' });
  const id = await desk.comment(PLAIN.sv);
  await visit.claim(id);
  const page = await visit.context.newPage();
  await page.clock.install();
  await visit.open(`/desk/${id}`, page);
  await page.clock.runFor(2000);
  const claim = page.locator('.claim[data-claim="mine"]');
  await claim.waitFor();
  const upto = async () => Number(await claim.getAttribute('data-until'));
  for (let n = 0; n < 10; n += 1) {
    const had = await upto();
    await page.keyboard.press('KeyY');
    await until('a later end', async () => (await upto()) >= had && !(await page.locator('.claim form[aria-busy]').count()));
  }
  // The page sets its clock by the server's when an answer comes: none may be on its way when the clock is moved.
  const saved = page.waitForResponse(/\/draft$/);
  await text(page).fill('Ett utkast som ska finnas kvar');
  await page.clock.runFor(1500);
  await saved;
  const left = (await upto()) - await page.evaluate(() => Date.now());
  assert.ok(left > 60_000, String(left));
  // The last end may still be on its way: the page draws what is pushed only while its clock runs.
  await page.clock.runFor(Math.max(0, left - 45_000));
  await page.waitForSelector('.claim[data-soon]');
  await page.clock.runFor(1000);
  assert.notEqual((await page.locator('#say-polite').textContent()).trim(), '', 'the warning is announced');
  await page.clock.runFor(62_000);
  assert.equal(await page.locator('textarea').filter({ visible: true }).first().inputValue(), 'Ett utkast som ska finnas kvar');
  await visit.release(id);
});
