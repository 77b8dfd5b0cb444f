// Mastodon's stand-in as a client sees it that many programs are built on.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRestAPIClient, createStreamingAPIClient, MastoHttpError } from 'masto';
import { Desk, until } from './desk.mjs';

let desk;
let at;
let rest;

before(async () => {
  desk = await Desk.start();
  at = desk.platform('mastodon');
  rest = createRestAPIClient({ url: at.api, accessToken: at.access_token });
});
after(() => desk?.stop());

const refused = (status, text) => (error) => error instanceof MastoHttpError && error.statusCode === status && text.test(error.message);

async function comment() {
  const { descendants } = await rest.v1.statuses.$select(at.posts[0]).context.fetch();
  return descendants.find((one) => one.account.id !== at.account);
}

test('the server says who one is, and what it takes', async () => {
  const instance = await rest.v2.instance.fetch();
  assert.equal(instance.configuration.urls.streaming, at.stream);
  assert.equal(instance.configuration.statuses.maxCharacters, 500);
  assert.equal(instance.configuration.statuses.charactersReservedPerUrl, 23);
  assert.equal((await rest.v1.accounts.verifyCredentials()).id, at.account);
});

test('mentions are listed page by page, to their end', async () => {
  const seen = [];
  for await (const page of rest.v1.notifications.list({ types: ['mention'], limit: 1 })) {
    seen.push(...page);
  }
  assert.equal(seen.length, at.posts.length);
  assert.equal(new Set(seen.map((one) => one.id)).size, seen.length);
  for (const one of seen) {
    assert.equal(one.type, 'mention');
    assert.ok(at.posts.includes(one.status.inReplyToId));
  }
});

test('a reply stands once, is seen by the public, is changed, and is deleted with its source', async () => {
  const asked = await comment();
  const params = { status: `@${asked.account.acct} Hej från klienten`, inReplyToId: asked.id, visibility: 'unlisted', language: 'sv' };
  const again = { requestInit: { headers: { 'Idempotency-Key': 'client-1' } } };
  const made = await rest.v1.statuses.create(params, again);
  assert.equal((await rest.v1.statuses.create(params, again)).id, made.id);
  assert.equal(made.visibility, 'unlisted');
  assert.equal(made.language, 'sv');
  assert.equal(made.inReplyToAccountId, asked.account.id);
  const shown = (await desk.page('mastodon')).match(/Hej från klienten/g);
  assert.equal(shown.length, 1);
  const changed = await rest.v1.statuses.$select(made.id).update({ status: 'Hej igen' });
  assert.match(changed.content, /Hej igen/);
  assert.equal((await rest.v1.statuses.$select(made.id).remove()).text, 'Hej igen');
  await assert.rejects(rest.v1.statuses.$select(made.id).fetch(), refused(404, /Record not found/));
  assert.ok(!(await desk.page('mastodon')).includes('Hej igen'));
});

test('only what is one\'s own is deleted, and any status can be liked', async () => {
  const asked = await comment();
  await assert.rejects(rest.v1.statuses.$select(asked.id).remove(), refused(404, /Record not found/));
  assert.equal((await rest.v1.statuses.$select(asked.id).favourite()).favourited, true);
  assert.equal((await rest.v1.statuses.$select(asked.id).unfavourite()).favourited, false);
});

test('links count alike; what is too long, empty or from a stranger is refused as documented', async () => {
  const link = `https://exempel.se/${'a'.repeat(300)}`;
  const fits = await rest.v1.statuses.create({ status: `${'å'.repeat(476)} ${link}`, visibility: 'direct' });
  assert.equal(fits.visibility, 'direct');
  await assert.rejects(rest.v1.statuses.create({ status: `${'å'.repeat(477)} ${link}` }), refused(422, /limit of 500 exceeded/));
  await assert.rejects(rest.v1.statuses.create({ status: ' ' }), refused(422, /can't be blank/));
  const stranger = createRestAPIClient({ url: at.api, accessToken: 'wrong' });
  await assert.rejects(async () => stranger.v1.notifications.list(), refused(401, /access token is invalid/));
});

test('the stream tells what is written, changed and deleted', async () => {
  const streaming = createStreamingAPIClient({ streamingApiUrl: at.stream, accessToken: at.access_token, retry: false });
  const heard = [];
  const events = streaming.user.subscribe();
  const listening = (async () => {
    for await (const event of events) heard.push([event.event, event.payload.id ?? event.payload]);
  })();
  // Until the line stands there is nothing to hear: each status is another.
  let number = 0;
  const first = await until('the first status on the stream', async () => {
    number += 1;
    await rest.v1.statuses.create({ status: `Nummer ${number}`, visibility: 'unlisted' });
    return heard.find(([event]) => event === 'update');
  });
  await rest.v1.statuses.$select(first[1]).update({ status: 'Ändrad' });
  await until('the change', () => heard.find(([event, id]) => event === 'status.update' && id === first[1]));
  await rest.v1.statuses.$select(first[1]).remove();
  await until('the deletion', () => heard.find(([event, id]) => event === 'delete' && id === first[1]));
  events.unsubscribe();
  streaming.close();
  await listening;
});
