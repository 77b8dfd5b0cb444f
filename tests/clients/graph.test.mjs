// The stand-in of Facebook and Instagram as the business SDK sees it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sdk from 'facebook-nodejs-business-sdk';
import { Desk } from './desk.mjs';

const { AdAccount, Comment, FacebookAdsApi, IGComment, IGMedia, Page, PagePost } = sdk;

let desk;
let facebook;
let instagram;

before(async () => {
  desk = await Desk.start();
  facebook = desk.platform('facebook');
  instagram = desk.platform('instagram');
  // The SDK knows one address only; it goes on to the version's path by itself.
  Object.defineProperty(FacebookAdsApi, 'GRAPH', { get: () => new URL(facebook.api).origin });
  FacebookAdsApi.init(facebook.access_token, 'sv_SE', false);
});
after(() => desk?.stop());

const refused = (code, subcode) => (error) => error.name === 'FacebookRequestError' && error.status === 400
  && error.response.code === code && error.response.error_subcode === subcode && Boolean(error.response.fbtrace_id);

/** Somebody's comment on a post, with nothing but its id: the SDK sends along whatever else it knows of an object. */
async function asked(post) {
  const rows = await new PagePost(post).getComments(['id', 'from'], { filter: 'stream' });
  return new Comment(rows.find((row) => row.from.id !== facebook.account).id);
}

test('a post lists its comments page by page, with what is asked for and nothing else', async () => {
  const [post] = facebook.posts;
  const all = await new PagePost(post).getComments(['id'], { filter: 'stream', limit: 100 });
  const seen = [];
  let page = await new PagePost(post).getComments(['id', 'message'], { filter: 'stream', limit: 1 });
  for (;;) {
    for (const row of page) {
      assert.deepEqual(Object.keys(row.exportAllData()).sort(), ['id', 'message']);
      seen.push(row.id);
    }
    if (!page.hasNext()) break;
    page = await page.next();
  }
  assert.deepEqual(seen, all.map((row) => row.id));
  assert.ok(seen.length > 1, 'the demonstration begins with comments');
});

test('a reply is written, read, changed and deleted, and the public sees it', async () => {
  const comment = await asked(facebook.posts[0]);
  const made = await comment.createComment([], { message: 'Hej från SDK:n' });
  assert.ok((await desk.page('facebook')).includes('Hej från SDK:n'));
  const read = await new Comment(made.id).get(['message', 'from', 'parent', 'can_hide']);
  assert.equal(read.message, 'Hej från SDK:n');
  assert.equal(read.from.id, facebook.account);
  assert.equal(read.parent.id, comment.id);
  assert.equal(read.can_hide, false);
  await new Comment(made.id).update([], { message: 'Hej igen' });
  assert.equal((await new Comment(made.id).get(['message'])).message, 'Hej igen');
  await new Comment(made.id).delete([]);
  await assert.rejects(new Comment(made.id).get(['message']), refused(100, 33));
  assert.ok(!(await desk.page('facebook')).includes('Hej igen'));
});

test('a comment is hidden, shown and liked', async () => {
  const comment = await asked(facebook.posts[0]);
  const hidden = async () => (await new Comment(comment.id).get(['is_hidden'])).is_hidden;
  await comment.update([], { is_hidden: true });
  assert.equal(await hidden(), true);
  await comment.update([], { is_hidden: false });
  assert.equal(await hidden(), false);
  await comment.createLike();
  assert.equal((await new Comment(comment.id).get(['like_count'])).like_count, 1);
  await comment.deleteLikes();
  assert.equal((await new Comment(comment.id).get(['like_count'])).like_count, 0);
});

test('the ads of an account name the post that carries them', async () => {
  const ads = await new AdAccount(`act_${facebook.ad_account}`).getAds(['id', 'campaign', 'creative']);
  const carried = ads.map((ad) => ad.creative.effective_object_story_id ?? ad.creative.effective_instagram_media_id);
  for (const post of [...facebook.posts, ...instagram.posts]) assert.ok(carried.includes(post), `no ad carries ${post}`);
});

test('a Page tells which apps hear of its feed', async () => {
  const apps = await new Page(facebook.account).getSubscribedApps(['subscribed_fields']);
  assert.deepEqual(apps.map((app) => app.subscribed_fields), [['feed']]);
});

test('on Instagram a comment is answered below it and hidden', async () => {
  const rows = await new IGMedia(instagram.posts[0]).getComments(['id', 'text', 'from', 'hidden']);
  const comment = new IGComment(rows.find((row) => row.from.id !== instagram.account).id);
  const made = await comment.createReply([], { message: 'Hej från SDK:n' });
  const replies = await new IGComment(comment.id).getReplies(['id', 'text']);
  assert.ok(replies.some((reply) => reply.id === made.id && reply.text === 'Hej från SDK:n'));
  await comment.update([], { hide: true });
  assert.equal((await new IGComment(comment.id).get(['hidden'])).hidden, true);
});

test('a stranger, something that is not there, and no text are refused as documented', async () => {
  await assert.rejects(new Comment('410000000000017_1').get(['id']), refused(100, 33));
  const comment = await asked(facebook.posts[0]);
  await assert.rejects(comment.createComment([], { message: ' ' }), refused(100, undefined));
  const stranger = new FacebookAdsApi('wrong', 'sv_SE', false);
  await assert.rejects(new Comment(comment.id, {}, undefined, stranger).get(['id']), refused(190, undefined));
});
