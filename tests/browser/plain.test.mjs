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

test('20 staff are added, changed, reset, disabled and enabled with JavaScript off', async () => {
  const visit = await desk.visit('admin', { javaScriptEnabled: false });
  const page = await visit.open('/people');
  await page.fill('#p-email', desk.person('lead').email);
  await page.fill('#p-name', 'Ny Person');
  await page.fill('#p-pseudonym', 'SV-9');
  await page.check('section form [name="roles"][value="moderator"]');
  await page.check('section form [name="lanes"][value="sv"]');
  await page.click('section form .primary');
  assert.equal(await page.locator('.errors').count(), 1, 'an address that is taken is told');
  await page.fill('#p-email', 'ny.person@demo.example');
  await page.check('section form [name="roles"][value="moderator"]');
  await page.click('section form .primary');
  const first = await page.locator('[role="status"] bdi.code').innerText();
  const row = page.locator('tr:has(th:has-text("SV-9"))');
  await row.waitFor();

  // The first password opens one door only: to choose another.
  const other = await desk.visit(null, { javaScriptEnabled: false });
  const at = await other.open('/in');
  await at.fill('#email', 'ny.person@demo.example');
  await at.fill('#password', first);
  await at.click('main form .primary');
  assert.match(at.url(), /\/in\/password/);

  await row.locator('details > summary').click();
  await row.locator('[name="lanes"][value="en"]').check();
  await row.locator('details .primary').click();
  assert.equal(await row.locator('td .chip').count(), 3, 'one role and two lanes');
  await row.locator('form[action$="/reset"] button').click();
  const second = await page.locator('[role="status"] bdi.code').innerText();
  assert.notEqual(second, first);
  await page.goto('/people');
  await row.locator('form[action$="/disable"] button').click();
  await row.locator('.chip-warn').waitFor();
  await row.locator('form[action$="/enable"] button').click();
  await row.locator('form[action$="/disable"]').waitFor();
});

test('20 shifts are planned and cancelled, and a text goes from draft to approved, with JavaScript off', async () => {
  const lead = await desk.visit('lead', { javaScriptEnabled: false });
  const { next } = await (await lead.api('GET', '/shifts')).json();
  const { from } = await (await lead.api('GET', `/shifts?week=${next}`)).json();
  const day = new Date(Date.parse(from) + 36 * 3_600_000).toISOString().slice(0, 10);
  const page = await lead.open(`/shifts?week=${next}`);
  // Refused forms keep what was chosen: somebody who can work the lane.
  await page.selectOption('#s-person', await page.locator('#s-person option').filter({ hasText: /^SV/ }).first().getAttribute('value'));
  await page.selectOption('#s-lane', 'sv');
  await page.fill('#s-start', `${day}T08:00`);
  await page.fill('#s-end', `${day}T07:00`);
  await page.click('.plan .primary');
  assert.equal(await page.locator('.errors').count(), 1, 'an end before the start is told');
  await page.fill('#s-start', `${day}T08:00`);
  await page.fill('#s-end', `${day}T12:00`);
  await page.click('.plan .primary');
  const cancel = page.locator('form[action^="/shifts/"][action$="/cancel"] button');
  await page.locator('.cell-more:has(form[action$="/cancel"]) > summary').click();
  await cancel.click();
  await until('the shift is gone', async () => (await cancel.count()) === 0);

  const editor = await desk.visit('editor', { javaScriptEnabled: false });
  const list = await (await editor.api('GET', '/templates')).json();
  const draft = list.items.find((one) => one.variants.some((variant) => variant.variant === 'sv' && variant.state === 'draft'));
  assert.ok(draft, 'the demonstration leaves a draft');
  const at = await editor.open(`/templates/${draft.key}`);
  const state = async () => (await (await editor.api('GET', `/templates/${draft.key}`)).json()).versions.find((one) => one.variant === 'sv').state;
  await at.locator('form[action$="/sv/submit"] button').click();
  await until('it is submitted', async () => (await state()) !== 'draft');
  const supervisor = await desk.visit('supervisor', { javaScriptEnabled: false });
  const seen = await supervisor.open(`/templates/${draft.key}`);
  await seen.locator('form[action$="/sv/approve"] button').click();
  await until('it is approved', async () => (await state()) === 'approved');
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
