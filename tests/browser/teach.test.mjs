// Teaching the desk: an editor writes a narrative, a supervisor corrects, looks why, tests and publishes; next comments follow.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';
import { Desk, until } from './desk.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let desk;
before(async () => { desk = await Desk.start(); });
afterEach(() => desk.leave());
after(() => desk?.stop());

async function keys(visit, id) {
  return (await (await visit.api('GET', `/comments/${id}`)).json()).narratives.map((tag) => tag.key);
}

test('a supervisor corrects, teaches and publishes, and the next comments are tagged so', async () => {
  const text = 'Glassbilen kommer alltid på torsdagar till torget';
  const id = await desk.comment(text);
  const boss = await desk.visit('supervisor', { lane: 'sv' });
  await boss.claim(id);
  const page = await boss.live(`/desk/${id}`);

  // Corrects by keyboard: W opens the form, a tick and the button save it.
  await page.keyboard.press('w');
  const tick = page.locator(`#tags-${id} input[name="narratives"][value="west-islamophobic"]`);
  await tick.focus();
  await page.keyboard.press('Space');
  await page.locator(`#tags-${id} button.primary`).focus();
  await page.keyboard.press('Enter');
  await until('the correction is kept', async () => (await keys(boss, id)).includes('west-islamophobic'));
  const next = await desk.comment(text);
  await until('the desk has learnt it', async () => (await keys(boss, await desk.comment(text))).includes('west-islamophobic'));

  // Looks why.
  await page.goto(`/desk/${next}/why`);
  await page.locator('#near-title').waitFor();
  assert.match(await page.locator('#work').innerText(), /Rättelse här/);

  // An editor writes; the supervisor tests and publishes.
  const editor = await desk.visit('editor');
  const book = await editor.open('/narratives');
  await book.click('a[href="/narratives/new"]');
  await book.fill('#key', 'ice-cream');
  await book.fill('#titles-sv', 'Glass styr kommunen');
  await book.fill('#titles-ar', 'المثلجات تحكم');
  await book.locator('#phrases').evaluate((box) => { box.open = true; });
  await book.fill('#phrases-sv', 'glasskiosken styr\nglass bestämmer');
  await book.click('form[action="/narratives/new/edit"] button.primary');
  await book.waitForURL('**/narratives/ice-cream?notice=saved');
  assert.equal(await book.locator('form[action$="/publish"]').count(), 0, 'nobody publishes their own');

  await page.goto('/narratives');
  await page.click('a[href="/narratives/ice-cream"]');
  await page.click('form[action$="/test"] button');
  await page.locator('#trial').waitFor();
  await page.evaluate(AXE);
  const wrong = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
  assert.deepEqual(wrong.violations.map((one) => `${one.id}: ${one.nodes[0].html}`), []);
  await page.click('form[action$="/publish"] button');
  await page.waitForURL('**/narratives/ice-cream?notice=saved');
  const tagged = await desk.comment('Glasskiosken styr allt här i stan');
  assert.deepEqual((await keys(boss, tagged)).slice(0, 1), ['ice-cream']);
  await page.goto(`/desk/${tagged}`);
  assert.match(await page.locator(`#why-${tagged}`).innerText(), /Glass styr kommunen/);

  // Takes the correction back.
  await page.goto('/examples');
  const kept = page.locator('form[action$="/take-back"] button');
  assert.equal(await kept.count(), 1);
  await kept.first().click();
  await page.waitForURL('**/examples?notice=saved');
  assert.equal(await page.locator('form[action$="/take-back"]').count(), 0);
  assert.deepEqual([...boss.complaints, ...editor.complaints], []);
});

test('the codebook works with JavaScript off, in every language', async () => {
  for (const locale of ['sv', 'ar', 'en']) {
    const editor = await desk.visit('editor', { locale, javaScriptEnabled: false });
    const page = await editor.open('/narratives/new');
    await page.fill('#key', `plain-${locale}`);
    await page.fill('#titles-sv', `Utan skript ${locale}`);
    await page.click('form[action="/narratives/new/edit"] button.primary');
    assert.equal(await page.locator('.errors a[href="#examples"]').count(), 1, 'what is missing is told');
    await page.locator('#phrases > summary').click();
    await page.fill('#phrases-sv', `utan skript ${locale}`);
    await page.click('form[action="/narratives/new/edit"] button.primary');
    await page.waitForURL(`**/narratives/plain-${locale}?notice=saved`);
    await page.click('form[action$="/test"] button');
    assert.equal(await page.locator('#trial').count(), 1);
    assert.deepEqual(editor.complaints, []);
  }
});
