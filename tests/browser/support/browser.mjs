// Chromium, and what every test asks of a page: no violation, no other origin, no serious finding of axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The three languages, as a browser asks for them. */
export const LANGUAGES = [
  { key: 'sv', asked: 'sv-SE', dir: 'ltr' },
  { key: 'ar', asked: 'ar', dir: 'rtl' },
  { key: 'en', asked: 'en-GB', dir: 'ltr' },
];

export function launch() {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: asRoot ? ['--no-sandbox'] : [],
  });
}

/** A fresh browser profile and a page that remembers what went wrong in it. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (!['data:', 'blob:'].includes(asked.protocol) && asked.host !== new URL(url).host) {
      wrong.push(`asked another origin: ${asked.href}`);
    }
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener('securitypolicyviolation', (event) => {
      globalThis.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return {
    page,
    context,
    /** Nothing has gone wrong so far; `expected` are status errors the test itself caused. */
    async isClean(expected = []) {
      const violations = await page.evaluate(() => globalThis.violations ?? []).catch(() => []);
      const rest = wrong.filter((text) => !expected.some((part) => text.includes(part)));
      assert.deepEqual([...rest, ...violations], []);
    },
  };
}

/** Signs in by the form. */
export async function signIn(page, person) {
  await page.goto('/in');
  await page.fill('input[name=email]', person.email);
  await page.fill('input[name=password]', person.password);
  await Promise.all([page.waitForURL((at) => at.pathname !== '/in'), page.click('form[action="/in"] button.primary')]);
}

/** No serious or critical finding of axe. Run through the debugger, beside the page's own policy. */
export async function isAccessible(page, name) {
  const found = await page.evaluate(`(async () => {
    const module = { exports: {} };
    ${axe}
    const run = globalThis.axe ?? module.exports;
    const result = await run.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((one) => ({ id: one.id, impact: one.impact, at: one.nodes.map((node) => node.target.join(' ')).slice(0, 5) }));
  })()`);
  const serious = found.filter((one) => ['serious', 'critical'].includes(one.impact));
  assert.deepEqual(serious, [], name);
}
