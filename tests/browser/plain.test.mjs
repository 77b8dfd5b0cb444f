// The desk without JavaScript: every form goes by full page.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Desk, PLAIN, until } from './desk.mjs';

let desk;
before(async () => { desk = await Desk.start(); });
afterEach(() => desk.leave());
after(() => desk?.stop());

test('20 sign-in, check-in, claim, reply, undo, hide and escalate work with JavaScript off', async () => {
  const [answered, hidden, asked] = await desk.comments([1, 2, 3].map((n) => `${PLAIN.sv} Utan skript ${n}.`), { connector: 'facebook' });
  const visit = await desk.visit(null, { javaScriptEnabled: false });
  const { email, password } = desk.person('sv');
  const page = await visit.open('/in');
  await page.fill('#email', email);
  await page.fill('#password', 'fel lösenord här');
  await page.click('main form .primary');
  assert.equal(await page.locator('.errors').count(), 1, 'a wrong password is told');
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('main form .primary');
  await page.waitForURL('**/desk**');

  await page.goto('/shifts/check-in');
  await page.selectOption('#c-lane', 'sv');
  await page.check('[name="handover_read"]');
  await page.click('#checkin .primary');
  await page.goto('/desk?lane=sv');
  assert.ok(await page.locator('#queue > .card').count() > 3);

  // A reply from a suggestion, undone from the row.
  await page.goto(`/desk/${answered}`);
  await page.click('.claim [data-act="claim"]');
  await page.waitForSelector('.claim[data-claim="mine"]');
  await page.locator('.pick-one').first().click();
  const field = page.locator('#reply-form textarea[name="text"]');
  assert.ok((await field.inputValue()).length > 20, 'the suggestion is in the field');
  for (const slot of await page.locator('#reply-form .slots input').all()) await slot.fill('Exempel');
  await page.click('#reply-form [data-act="send"]');
  const row = `#outbox .send[data-undo-until]:has(a[href="/desk/${answered}"])`;
  await page.locator(row).waitFor();
  await page.click(`${row} [data-act="undo"]`);
  await page.locator(row).waitFor({ state: 'detached' });

  await page.goto(`/desk/${hidden}`);
  await page.click('.claim [data-act="claim"]');
  await page.waitForSelector('.claim[data-claim="mine"]');
  await page.click('details[data-act="hide"] > summary');
  await page.locator('details[data-act="hide"] select').selectOption({ index: 1 });
  await page.fill('details[data-act="hide"] textarea', 'Regel tre på sidan.');
  await page.click('details[data-act="hide"] button.primary');
  const state = async (id) => (await (await visit.api('GET', `/comments/${id}`)).json()).state;
  await until('the decision to hide', async () => !['open', 'claimed'].includes(await state(hidden)));

  await page.goto(`/desk/${asked}`);
  await page.click('.claim [data-act="claim"]');
  await page.waitForSelector('.claim[data-claim="mine"]');
  await page.click('details[data-act="escalate"] > summary');
  await page.fill('details[data-act="escalate"] textarea[name="question"]', 'Får vi svara på den här?');
  await page.click('details[data-act="escalate"] button.primary');
  await until('the escalation', async () => (await state(asked)) === 'escalated');

  await page.click('details.menu > summary');
  await page.click('[data-signout] button');
  await page.goto('/desk');
  assert.match(page.url(), /\/in/);
});

test('26 who proposed cannot approve; a second person can', async () => {
  const stina = await desk.visit('supervisor', { lane: 'sv' });
  const id = await desk.comment(`${PLAIN.sv} Två personer.`, { connector: 'facebook' });
  await stina.claim(id);
  const asked = await stina.form(`/desk/${id}/escalate`, { revision: '1', question: 'Är det rätt?', proposal_kind: 'leave' });
  assert.equal(asked.status(), 303);
  const list = await (await stina.api('GET', '/escalations')).json();
  const mine = (list.items ?? list.escalations).find((one) => (one.comment?.id ?? one.comment) === id);
  assert.ok(mine, JSON.stringify(list).slice(0, 400));
  const page = await stina.open(`/esc/${mine.id}`);
  assert.equal(await page.locator('[data-act="approve"]').count(), 0);
  const direct = await stina.form(`/esc/${mine.id}/resolve`, { revision: '1', kind: 'approve', reason: 'Jag själv' });
  assert.equal(direct.status(), 403);
});
