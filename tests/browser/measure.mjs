// Figures a person feels, on a desk of its own with 200 sockets open: `KLARSVAR_BIN=target/release/klarsvar node measure.mjs`.
//   card_ms      last byte of a signed webhook to the card in the page, at 50 comments a second
//   claim_ms     key press to the claim shown
//   page_bytes   what the desk's page weighs on the wire, compressed

import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Desk, PLAIN } from './desk.mjs';

const SOCKETS = 200;
const PER_SECOND = 50;
const COMMENTS = 1_000;
const CLAIMS = 30;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const spread = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return { n: sorted.length, p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99), max: sorted.at(-1) };
};
const after = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** A socket that takes what is pushed and looks at nothing. */
function listen(desk, cookie) {
  const { hostname, port, host } = new URL(desk.url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname, () => socket.write(
      `GET /wire?topics=queue.sv HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${desk.url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
      + `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: ${cookie}\r\n\r\n`,
    ));
    socket.once('error', fail);
    socket.once('data', (bytes) => {
      if (!bytes.toString('latin1').startsWith('HTTP/1.1 101')) return fail(new Error(bytes.toString('latin1').split('\r\n')[0]));
      socket.on('data', () => {});
      return done(socket);
    });
  });
}

function delivery(n) {
  const post = '410000000000017_520000000000101';
  const created = Math.floor(Date.now() / 1000);
  return JSON.stringify({
    object: 'page',
    entry: [{
      id: '410000000000017',
      time: created,
      changes: [{
        field: 'feed',
        value: {
          item: 'comment', verb: 'add', post_id: post, parent_id: post, created_time: created,
          comment_id: `520000000000101_69${String(n).padStart(10, '0')}`,
          from: { id: '7300000000000011', name: 'Elin Exempel' }, message: `${PLAIN.sv} ${n}`,
        },
      }],
    }],
  });
}

async function hand(desk, secret, n) {
  const body = delivery(n);
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const sent = Date.now();
  const answer = await fetch(`${desk.url}/hooks/facebook`, {
    method: 'POST', body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
  });
  if (answer.status !== 200) throw new Error(`the webhook was answered with ${answer.status}`);
  return sent;
}

const desk = await Desk.start();
const secret = desk.platforms.find((one) => one.platform === 'facebook').webhook_secret;
const visit = await desk.visit('sv', { lane: 'sv' });
const [{ name, value }] = await visit.context.cookies();
const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => listen(desk, `${name}=${value}`)));

const page = await visit.live('/desk?lane=sv');
await page.evaluate(() => {
  globalThis.seen = new Map();
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        const card = node.closest?.('.card') ?? node.querySelector?.('.card');
        const text = card?.querySelector('.card-text')?.textContent.match(/(\d+)\s*$/)?.[1];
        if (text && !globalThis.seen.has(text)) globalThis.seen.set(text, Date.now());
      }
    }
  }).observe(document.getElementById('queue-scroll'), { childList: true, subtree: true });
});
const sent = new Map();
const start = Date.now();
const hands = [];
for (let n = 0; n < COMMENTS; n += 1) {
  const wait = start + (n * 1000) / PER_SECOND - Date.now();
  if (wait > 0) await after(wait);
  hands.push(hand(desk, secret, n).then((when) => sent.set(String(n), when)));
}
await Promise.all(hands);
await after(1_000);
const seen = new Map(await page.evaluate(() => [...globalThis.seen]));
const card_ms = spread([...sent].filter(([n]) => seen.has(n)).map(([n, when]) => seen.get(n) - when));

const open = await page.evaluate(() => [...document.querySelectorAll('#queue > .card[data-state="open"]')].map((card) => card.dataset.id));
const times = [];
for (let n = 0; n < CLAIMS; n += 1) {
  await visit.live(`/desk/${open[n]}`, page);
  times.push(await page.evaluate(() => new Promise((done) => {
    const pressed = performance.now();
    new MutationObserver((_, observer) => {
      if (document.querySelector('.claim')?.dataset.claim === 'mine') { observer.disconnect(); done(performance.now() - pressed); }
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
    document.querySelector('.claim [data-act="claim"]').click();
  })));
  await visit.release(open[n]);
}

const fresh = await visit.context.newPage();
const weights = { html: 0, js: 0, css: 0 };
fresh.on('response', async (answer) => {
  const kind = { document: 'html', script: 'js', stylesheet: 'css' }[answer.request().resourceType()];
  if (kind) weights[kind] += gzipSync(await answer.body()).length;
});
await visit.live('/desk?lane=sv', fresh);
await after(300);
for (const socket of sockets) socket.destroy();
console.log(JSON.stringify({ sockets: SOCKETS, per_second: PER_SECOND, card_ms, claim_ms: spread(times.map(Math.round)), page_bytes: weights }));
await desk.stop();
process.exit(0);
