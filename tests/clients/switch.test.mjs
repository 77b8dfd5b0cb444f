// The switch on the public's page: the desk is told that it is blind there, and that it sees again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, until } from './desk.mjs';

/** Blind after two periods without a reading; the demonstration reads every five seconds. */
const BLIND_MS = 60_000;
let desk;
let cookie;

before(async () => {
  desk = await Desk.start();
  const { email, password } = desk.people.find((one) => one.role === 'admin');
  const answer = await fetch(`${desk.url}/api/v1/session`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }),
  });
  assert.ok(answer.ok, `sign-in answered ${answer.status}`);
  cookie = answer.headers.get('set-cookie').split(';')[0];
});
after(() => desk?.stop());

async function blindSince(name) {
  const answer = await fetch(`${desk.url}/api/v1/connectors`, { headers: { cookie } });
  const { connectors } = await answer.json();
  return connectors.find((one) => one.name === name).blind_since;
}

/** The channels behind each switch: one API serves Facebook and Instagram. */
for (const names of [['facebook', 'instagram'], ['youtube'], ['tiktok'], ['bluesky'], ['mastodon']]) {
  test(`${names.join(' and ')} switched off is told as blind, and switched on as seen again`, async () => {
    const flick = () => fetch(new URL('/switch', desk.platform(names[0]).page), { method: 'POST' });
    for (const name of names) assert.equal(await blindSince(name), null);
    await flick();
    for (const name of names) await until(`${name} is blind`, () => blindSince(name), BLIND_MS);
    await flick();
    for (const name of names) await until(`${name} is seen again`, async () => await blindSince(name) === null, BLIND_MS);
  });
}
