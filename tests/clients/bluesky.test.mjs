// Bluesky's stand-in as the client of the protocol's own makers sees it. The client checks every answer against the
// published lexicons.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AtpAgent } from '@atproto/api';
import { Desk } from './desk.mjs';

let desk;
let at;
let agent;

before(async () => {
  desk = await Desk.start();
  at = desk.platform('bluesky');
  agent = new AtpAgent({ service: new URL(at.api).origin });
  await agent.login({ identifier: at.account, password: at.access_token });
});
after(() => desk?.stop());

async function firstReply() {
  const { data } = await agent.getPostThread({ uri: at.posts[0] });
  const [reply] = data.thread.replies;
  return { root: { uri: data.thread.post.uri, cid: data.thread.post.cid }, reply: reply.post };
}

test('a wrong password is refused as documented', async () => {
  const stranger = new AtpAgent({ service: new URL(at.api).origin });
  await assert.rejects(
    stranger.login({ identifier: at.account, password: 'wrong' }),
    (error) => error.status === 401 && error.error === 'AuthenticationRequired',
  );
});

test('notifications tell of what the public wrote', async () => {
  const { data } = await agent.listNotifications({ reasons: ['reply'], limit: 10 });
  assert.ok(data.notifications.length >= at.posts.length);
  for (const one of data.notifications) {
    assert.equal(one.reason, 'reply');
    assert.ok(at.posts.includes(one.record.reply.root.uri));
  }
});

test('a reply stands in its thread, is seen by the public, and is deleted', async () => {
  const { root, reply } = await firstReply();
  const text = 'Hej! Läs mer på https://exempel.se/fakta /Klienten';
  const made = await agent.post({ text, langs: ['sv'], reply: { root, parent: { uri: reply.uri, cid: reply.cid } } });
  const { data } = await agent.getPostThread({ uri: at.posts[0] });
  const branch = data.thread.replies.find((one) => one.post.uri === reply.uri);
  assert.deepEqual(branch.replies.map((one) => one.post.record.text), [text]);
  assert.ok((await desk.page('bluesky')).includes(text));
  await agent.deletePost(made.uri);
  assert.ok(!(await desk.page('bluesky')).includes(text));
});

test('a text that is too long is refused', async () => {
  const { root, reply } = await firstReply();
  const parent = { uri: reply.uri, cid: reply.cid };
  await assert.rejects(
    agent.com.atproto.repo.createRecord({
      repo: at.account,
      collection: 'app.bsky.feed.post',
      record: { $type: 'app.bsky.feed.post', text: 'å'.repeat(301), createdAt: new Date().toISOString(), reply: { root, parent } },
    }),
    (error) => error.status === 400 && /300 graphemes/.test(error.message),
  );
});

test('a hidden reply stands in the rules of its thread, and a stale change of them is refused', async () => {
  const { root, reply } = await firstReply();
  const place = { repo: at.account, collection: 'app.bsky.feed.threadgate', rkey: root.uri.split('/').pop() };
  const record = {
    $type: place.collection, post: root.uri, createdAt: new Date().toISOString(), hiddenReplies: [reply.uri],
  };
  const put = await agent.com.atproto.repo.putRecord({ ...place, record });
  const { data } = await agent.getPostThread({ uri: root.uri });
  assert.deepEqual(data.threadgate.record.hiddenReplies, [reply.uri]);
  await assert.rejects(
    agent.com.atproto.repo.putRecord({ ...place, record: { ...record, hiddenReplies: [] }, swapRecord: root.cid }),
    (error) => error.status === 400 && error.error === 'InvalidSwap',
  );
  const read = await agent.com.atproto.repo.getRecord(place);
  assert.equal(read.data.cid, put.data.cid);
});

test('a like is a record of its own, and what is gone is told so', async () => {
  const { reply } = await firstReply();
  const liked = await agent.like(reply.uri, reply.cid);
  assert.match(liked.uri, new RegExp(`^at://${at.account}/app\\.bsky\\.feed\\.like/`));
  await agent.deleteLike(liked.uri);
  await assert.rejects(
    agent.getPostThread({ uri: `${at.posts[0]}zz` }),
    (error) => error.status === 400 && error.error === 'NotFound',
  );
});

test('a session is renewed once by each of its tokens', async () => {
  const { refreshJwt } = agent.session;
  await agent.sessionManager.refreshSession();
  assert.notEqual(agent.session.refreshJwt, refreshJwt);
  await agent.getPostThread({ uri: at.posts[0] });
  const answer = await fetch(`${at.api}/com.atproto.server.refreshSession`, {
    method: 'POST', headers: { authorization: `Bearer ${refreshJwt}` },
  });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).error, 'ExpiredToken');
});
