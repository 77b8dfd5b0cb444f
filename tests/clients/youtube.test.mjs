// YouTube's stand-in as Google's own client sees it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { google } from 'googleapis';
import { Desk } from './desk.mjs';

let desk;
let at;
let youtube;

const client = (credentials) => {
  const auth = new google.auth.OAuth2({
    clientId: 'desk', clientSecret: 'secret', endpoints: { oauth2TokenUrl: new URL('/token', at.api).href },
  });
  auth.setCredentials(credentials);
  return google.youtube({ version: 'v3', auth, rootUrl: `${new URL(at.api).origin}/`, retry: false });
};

before(async () => {
  desk = await Desk.start();
  at = desk.platform('youtube');
  youtube = client({ access_token: at.access_token });
});
after(() => desk?.stop());

const refused = (status, reason) => (error) => error.status === status && error.response.data.error.errors[0].reason === reason;

async function thread(video = at.posts[0]) {
  const { data } = await youtube.commentThreads.list({ part: ['snippet', 'replies'], videoId: video, textFormat: 'plainText' });
  return data.items[0];
}

test('a channel lists its threads page by page, to their end', async () => {
  const of = { part: ['snippet'], allThreadsRelatedToChannelId: at.account };
  const whole = await youtube.commentThreads.list({ ...of, maxResults: 100 });
  const seen = [];
  let pageToken;
  do {
    const { data } = await youtube.commentThreads.list({ ...of, maxResults: 1, pageToken });
    assert.equal(data.kind, 'youtube#commentThreadListResponse');
    seen.push(...data.items.map((item) => item.id));
    pageToken = data.nextPageToken;
  } while (pageToken);
  assert.deepEqual(seen, whole.data.items.map((item) => item.id));
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length >= at.posts.length);
});

test('an answer is written, read below its thread, seen by the public, and deleted', async () => {
  const top = await thread();
  const { data: made } = await youtube.comments.insert({
    part: ['snippet'], requestBody: { snippet: { parentId: top.id, textOriginal: 'Hej från klienten' } },
  });
  assert.equal(made.snippet.parentId, top.id);
  assert.equal(made.snippet.authorChannelId.value, at.account);
  assert.ok((await desk.page('youtube')).includes('Hej från klienten'));
  const { data: below } = await youtube.comments.list({ part: ['snippet'], parentId: top.id, textFormat: 'plainText' });
  assert.ok(below.items.some((item) => item.id === made.id && item.snippet.textDisplay === 'Hej från klienten'));
  assert.equal((await youtube.comments.delete({ id: made.id })).status, 204);
  const { data: gone } = await youtube.comments.list({ part: ['snippet'], id: [made.id] });
  assert.deepEqual(gone.items, []);
  assert.ok(!(await desk.page('youtube')).includes('Hej från klienten'));
});

test('what is held is listed as held, is published again, and what is rejected is gone for good', async () => {
  const top = await thread(at.posts[1]);
  const set = (moderationStatus) => youtube.comments.setModerationStatus({ id: [top.id], moderationStatus });
  const listed = async (moderationStatus) => {
    const { data } = await youtube.commentThreads.list({ part: ['snippet'], videoId: at.posts[1], moderationStatus });
    return data.items.some((item) => item.id === top.id);
  };
  assert.equal((await set('heldForReview')).status, 204);
  assert.deepEqual([await listed('published'), await listed('heldForReview')], [false, true]);
  await set('published');
  assert.deepEqual([await listed('published'), await listed('heldForReview')], [true, false]);
  await set('rejected');
  assert.deepEqual([await listed('published'), await listed('heldForReview')], [false, false]);
});

test('what the documentation refuses is refused with its reason', async () => {
  const insert = (snippet) => youtube.comments.insert({ part: ['snippet'], requestBody: { snippet } });
  const top = await thread();
  await assert.rejects(insert({ parentId: 'UgxNobody', textOriginal: 'Hej' }), refused(404, 'parentCommentNotFound'));
  await assert.rejects(insert({ parentId: top.id, textOriginal: '' }), refused(400, 'commentTextRequired'));
  await assert.rejects(insert({ parentId: top.id, textOriginal: 'å'.repeat(10_001) }), refused(400, 'commentTextTooLong'));
  await assert.rejects(youtube.comments.delete({ id: top.id }), refused(403, 'forbidden'));
  const list = (params) => youtube.commentThreads.list({ part: ['snippet'], ...params });
  await assert.rejects(list({ videoId: 'nothing' }), refused(404, 'videoNotFound'));
  await assert.rejects(list({ videoId: at.posts[0], pageToken: 'elsewhere' }), refused(400, 'invalidPageToken'));
  const stranger = client({ access_token: 'wrong' });
  await assert.rejects(stranger.commentThreads.list({ part: ['snippet'], videoId: at.posts[0] }), refused(401, 'authError'));
});

// Last, as the account's token is another afterwards.
test('an expired token is renewed, and a withdrawn one says so', async () => {
  const renewed = client({ access_token: at.access_token, refresh_token: 'refresh-client', expiry_date: 1 });
  const { data } = await renewed.commentThreads.list({ part: ['snippet'], videoId: at.posts[0] });
  assert.equal(data.kind, 'youtube#commentThreadListResponse');
  const withdrawn = client({ access_token: at.access_token, refresh_token: 'withdrawn', expiry_date: 1 });
  await assert.rejects(
    withdrawn.commentThreads.list({ part: ['snippet'], videoId: at.posts[0] }),
    (error) => error.response.data.error === 'invalid_grant',
  );
});
