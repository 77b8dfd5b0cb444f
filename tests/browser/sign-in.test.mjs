// Sign-in, and what holds for every page. Numbers are those of the acceptance checklist.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demo } from './support/demo.mjs';
import { LANGUAGES, isAccessible, launch, open, signIn } from './support/browser.mjs';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types desk";

let desk;
let browser;
before(async () => {
  [desk, browser] = await Promise.all([demo(), launch()]);
});
after(async () => {
  await browser?.close();
  assert.equal(await desk?.stop(), 0);
});

for (const { key, asked, dir } of LANGUAGES) {
  test(`1: axe finds nothing serious on the sign-in page (${key})`, async () => {
    for (const colorScheme of ['light', 'dark']) {
      const { page, context, isClean } = await open(browser, desk.url, { locale: asked, colorScheme });
      await page.goto('/in');
      await isAccessible(page, `${key} ${colorScheme}`);
      await isClean();
      await context.close();
    }
  });

  test(`2: axe finds nothing serious on a refused sign-in, which says why (${key})`, async () => {
    const { page, context } = await open(browser, desk.url, { locale: asked });
    await page.goto('/in');
    await page.fill('input[name=email]', 'nobody@demo.example');
    await page.fill('input[name=password]', 'wrong wrong wrong');
    await page.click('form[action="/in"] button.primary');
    await page.waitForSelector('#errors, [role=alert], .errors');
    assert.equal(await page.inputValue('input[name=password]'), '');
    await isAccessible(page, key);
    await context.close();
  });

  test(`27: the sign-in page fits 320 pixels (${key})`, async () => {
    const { page, context } = await open(browser, desk.url, { locale: asked, viewport: { width: 320, height: 640 } });
    await page.goto('/in');
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= room, `${wide} > ${room}`);
    await context.close();
  });

  test(`29, 32: language and direction are declared and no key is left untranslated (${key})`, async () => {
    const { page, context } = await open(browser, desk.url, { locale: asked });
    await page.goto('/in');
    const html = page.locator('html');
    assert.equal(await html.getAttribute('dir'), dir);
    assert.ok((await html.getAttribute('lang')).startsWith(key));
    const text = await page.locator('body').innerText();
    assert.doesNotMatch(text, /\b(in|error|nav|shell)-[a-z]+(-[a-z]+)*\b/);
    await context.close();
  });
}

test('3: signing in and out breaks no policy and asks no other origin', async () => {
  const { page, context, isClean } = await open(browser, desk.url);
  await signIn(page, desk.person('moderator', 'ar'));
  await isClean();
  await context.close();
});

test('4: every answer holds exactly the policy', async () => {
  for (const path of ['/in', '/', '/desk', '/nothing-here', '/api/v1/me', '/healthz', '/a/x/nothing.css']) {
    const answer = await fetch(desk.url + path, { redirect: 'manual' });
    assert.equal(answer.headers.get('content-security-policy'), POLICY, path);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
  }
});

test('4: the page holds no inline style, handler or script', async () => {
  const text = await (await fetch(`${desk.url}/in`)).text();
  assert.doesNotMatch(text, /\sstyle=/);
  assert.doesNotMatch(text, /\son[a-z]+=/);
  for (const [tag] of text.matchAll(/<script[^>]*>/g)) assert.match(tag, /\ssrc="\/a\//);
});

test('6: the sign-in page is used by keyboard alone, and focus is always visible', async () => {
  const { page, context } = await open(browser, desk.url);
  await page.goto('/in');
  const person = desk.person('moderator', 'sv');
  let last = '';
  for (let step = 0; step < 25 && last !== 'email'; step += 1) {
    await page.keyboard.press('Tab');
    last = await page.evaluate(() => document.activeElement.getAttribute('name') ?? '');
    const seen = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    });
    assert.ok(seen, 'focus is not to be seen');
  }
  assert.equal(last, 'email');
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person.password);
  await Promise.all([page.waitForURL((at) => at.pathname !== '/in'), page.keyboard.press('Enter')]);
  await context.close();
});

test('20: signing in works without JavaScript', async () => {
  const { page, context } = await open(browser, desk.url, { javaScriptEnabled: false });
  await signIn(page, desk.person('supervisor'));
  const cookies = await context.cookies();
  assert.equal(cookies.filter((one) => one.httpOnly && one.sameSite === 'Lax' && one.name === 'klarsvar').length, 1);
  await context.close();
});

test('axe and the watch on the page do find what is wrong', async () => {
  const { page, context, isClean } = await open(browser, desk.url);
  await page.goto('/in');
  await page.evaluate(() => {
    const picture = document.createElement('img');
    picture.src = 'https://elsewhere.example/x.png';
    document.querySelector('main').append(picture);
  });
  await assert.rejects(isAccessible(page, 'spoilt'), /image-alt/);
  await assert.rejects(isClean());
  await context.close();
});
