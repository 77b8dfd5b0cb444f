// Applies what the server renders: pushed frames, answers to forms, pages of the same screen.
// The only file that parses HTML. Behaviour of single screens is elsewhere.

const root = document.documentElement;
const policy = window.trustedTypes ? trustedTypes.createPolicy('desk', { createHTML: (text) => text }) : { createHTML: (text) => text };
const FRAMES = 'text/vnd.desk+html';
const BANNED = 'script,iframe,object,embed,link,meta,base,style,frame,svg script,math';
const KEPT = new Set(['open', 'data-current', 'data-mine', 'data-picked', 'data-soon']);
const LOCALES = { sv: 'sv-SE', ar: 'ar-SE-u-ca-gregory-hc-h23-nu-latn', 'ar-arab': 'ar-SE-u-ca-gregory-hc-h23-nu-arab', en: 'en-SE-u-hc-h23' };
const SAMPLES = { zero: 0, one: 1, two: 2, few: 3, many: 11, other: 100 };

root.classList.add('js');
export const me = root.dataset.me ?? null;
export const locale = LOCALES[root.dataset.locale] ?? 'sv-SE';
export const hooks = { held: null, arrived: null, after: null, done: null };
const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);
const clockFace = new Intl.DateTimeFormat(locale, { timeZone: 'Europe/Stockholm', hour: '2-digit', minute: '2-digit' });
let skew = 0;
export const now = () => Date.now() + skew;
export const number = (n) => numbers.format(n);
export const hhmm = (ms) => clockFace.format(ms);
export const byId = (id) => document.getElementById(id);

/** A sentence of the page's word list with {0}, {1} … filled in. */
export function words(key, ...args) {
  const text = byId('words')?.querySelector(`[data-k="${key}"]`)?.textContent ?? '';
  return args.reduce((out, arg, i) => out.replaceAll(`{${i}}`, arg), text);
}
/** The sentence for a count: the word list holds one sample for each plural category. */
export function counted(key, n) {
  return words(`${key}-${SAMPLES[plurals.select(n)]}`).replace(/\p{Nd}+/u, number(n));
}

// Announcements. Own actions at once; what others do is merged and paced.
const pace = { count: 0, text: '', last: 0, timer: 0 };
function speak(text, how) {
  const region = byId(how === 'assertive' ? 'say-assertive' : 'say-polite');
  if (!region || !text) return;
  region.textContent = '';
  setTimeout(() => { region.textContent = text; }, 40);
}
export const say = (text, how = 'polite') => speak(text, how);
export function sayLater(text, count = 0) {
  if (root.dataset.say === 'never') return;
  pace.count += count;
  if (text) pace.text = text;
  if (pace.timer) return;
  const gap = root.dataset.say === 'direct' ? 5000 : 60000;
  pace.timer = setTimeout(() => {
    speak([pace.count ? counted('said', pace.count) : '', pace.text].filter(Boolean).join(' '), 'polite');
    Object.assign(pace, { count: 0, text: '', timer: 0, last: Date.now() });
  }, Math.max(1000, pace.last + gap - Date.now()));
}

// Parsing. The template is inert: nothing in it loads or runs before it is checked.
function parse(html) {
  const box = document.createElement('template');
  box.innerHTML = policy.createHTML(html);
  return box.content;
}
function clean(part) {
  if (part.querySelector(BANNED)) return false;
  for (const el of part.querySelectorAll('*')) {
    for (const { name, value } of el.attributes) {
      if (name.startsWith('on') || name === 'style' || name === 'srcdoc') return false;
      if (/^(xlink:)?(href|src|action|formaction)$/.test(name) && /^[\s\x00-\x1f]*(javascript|data|vbscript):/i.test(value.replace(/[\t\n\r]/g, ''))) return false;
    }
    if (el.localName === 'template' && !clean(el.content)) return false;
  }
  return true;
}
function report(what) {
  console.error(`frame dropped: ${what}`);
  document.dispatchEvent(new CustomEvent('desk:dropped', { detail: what }));
}

// Morphing.
export const dirty = (field) => (field.localName === 'textarea' ? field.value !== field.defaultValue : field.localName === 'select' ? field.dataset.touched !== undefined : field.type === 'checkbox' || field.type === 'radio' ? field.checked !== field.defaultChecked : field.type !== 'hidden' && field.value !== field.defaultValue);
const callbacks = {
  beforeNodeMorphed(old, fresh) {
    if (old.nodeType !== 1) return true;
    if (old.hasAttribute('data-keep')) return false;
    if (old.matches('input,textarea,select') && dirty(old)) return false;
    return !(old.matches('time[data-ago]') && old.dateTime === fresh.dateTime);
  },
  beforeAttributeUpdated: (name) => !KEPT.has(name),
  beforeNodeRemoved: (node) => !(node.nodeType === 1 && node.hasAttribute('data-keep') && node.isConnected && byId(node.id) === node && ['say-polite', 'say-assertive', 'live-banner'].includes(node.id)),
};
export function morph(old, fresh) {
  Idiomorph.morph(old, document.importNode(fresh, true), { morphStyle: 'outerHTML', ignoreActiveValue: true, restoreFocus: true, callbacks });
}
/** Viewer-dependent looks: whose card, whose text. The server checks rights again, always. */
export function mark() {
  for (const el of document.querySelectorAll('[data-owner],[data-author],[data-proposer],[data-mine]')) {
    const mine = me !== null && [el.dataset.owner, el.dataset.author, el.dataset.proposer].includes(me);
    if (mine !== el.hasAttribute('data-mine')) el.toggleAttribute('data-mine', mine);
  }
}
/** What scrolls the list: its own box, or on a narrow screen the page. */
export function scroller() {
  const box = byId('queue-scroll');
  return box && getComputedStyle(box).overflowY === 'auto' ? box : document.scrollingElement;
}
let stilled = false;
/** Runs `change` while the card being read stays where it is on the screen. */
export function still(change) {
  const list = byId('queue');
  if (!list || stilled) return change();
  const box = scroller();
  const edge = box === document.scrollingElement ? 0 : box.getBoundingClientRect().top;
  const anchor = document.activeElement?.closest('#queue > .card') ?? list.querySelector('[data-current]') ?? [...list.children].find((card) => card.getBoundingClientRect().bottom > edge);
  const before = anchor?.getBoundingClientRect().top;
  stilled = true;
  try { change(); } finally { stilled = false; }
  if (!anchor?.isConnected) return undefined;
  const moved = anchor.getBoundingClientRect().top - before;
  if (moved) box.scrollTop += moved;
  const rest = anchor.getBoundingClientRect().top - before;
  if (rest < -0.5) list.style.paddingBlockStart = `${(parseFloat(list.style.paddingBlockStart) || 0) - rest}px`;
  return undefined;
}

// Frames.
export const waiting = new Map();
const seen = new Map();
function put(id, fresh) {
  const old = byId(id);
  if (old && fresh) { still(() => morph(old, fresh)); return true; }
  if (fresh && waiting.has(id)) waiting.get(id).card = fresh;
  return false;
}
/** Cards that were put last because the one they stand before was not there yet, by its id. */
const early = new Map();
export function insert(list, card, before) {
  const next = before ? byId(before) : null;
  const found = next?.parentElement === list;
  const node = document.importNode(card, true);
  list.insertBefore(node, found ? next : null);
  if (early.size > 500) early.clear();
  if (before && !found) early.set(before, [...(early.get(before) ?? []), node]);
  gather(list, node, found);
}
/** Comments that come in one batch each name the next one, which arrives after them. */
function gather(list, node, found) {
  const others = early.get(node.id) ?? [];
  if (found) early.delete(node.id);
  for (const other of others) {
    if (other.parentElement !== list || other.contains(document.activeElement)) continue;
    list.insertBefore(other, node);
    gather(list, other, found);
  }
}
export function take(card) {
  still(() => card.remove());
}
const ops = {
  put: (data, fresh) => { put(data.to, fresh); },
  add(data, fresh, pushed) {
    const list = byId(data.to);
    if (!list || !fresh || put(fresh.id, fresh)) return;
    if (pushed && holds(list)) { waiting.set(fresh.id, { list: data.to, card: fresh, before: data.before }); hooks.arrived?.(); } else still(() => insert(list, fresh, data.before));
    if (pushed && list.id === 'queue') sayLater('', 1);
  },
  del(data, fresh) {
    waiting.delete(data.to);
    hooks.arrived?.();
    const card = byId(data.to);
    if (!card) return;
    if (!card.contains(document.activeElement) && !card.hasAttribute('data-current')) { take(card); return; }
    if (fresh) put(data.to, fresh);
    const ghost = byId(data.to);
    ghost.setAttribute('data-gone', '');
    if (!fresh) ghost.querySelector('.card-text, .masked')?.replaceChildren(words('gone'));
  },
  say(data, fresh, pushed, content) {
    const text = content.textContent.trim();
    if (pushed && data.how !== 'assertive') sayLater(text); else speak(text, data.how);
  },
  go: (data) => { go(data.to); },
  stale: (data) => { refetch(data.to); },
};
let held = null;
/** Applies one frame. Nothing of it is applied if any part of it is not allowed. */
export function apply(text, pushed = false) {
  held = null;
  const went = read(text, pushed);
  settle();
  return went;
}
const inbox = [];
let drawing = 0;
let rest = 0;
/** Asked once for all that is drawn together: the answer costs a layout of the list. */
const holds = (list) => list.id === 'queue' && (waiting.size > 0 || (held ??= hooks.held?.(list) ?? false));
/** Pushed frames are drawn together, so that the page is laid out once for all, and half the time stays for the person. */
function push(text) {
  inbox.push(text);
  drawing ||= setTimeout(draw, Math.max(16, rest));
}
function draw() {
  const start = performance.now();
  held = null;
  still(() => { while (inbox.length) read(inbox.shift(), true); });
  settle();
  drawing = 0;
  rest = performance.now() - start;
}
function read(text, pushed) {
  const head = pushed ? /^\s*<!--(\S+) (\d+) (\d+)-->/.exec(text) : null;
  if (head) {
    const [, topic, prev, seq] = head;
    const last = seen.get(topic) ?? 0;
    if (Number(seq) <= last) return 0;
    if (Number(prev) > last && last > 0) { refetch(topic, Number(seq)); return 0; }
    seen.set(topic, Number(seq));
  }
  let content;
  try { content = parse(text); } catch (cause) { report(String(cause)); return 0; }
  if (!clean(content)) { report('forbidden markup'); return 0; }
  let went = 0;
  for (const frame of [...content.children].filter((el) => el.matches('template[data-op]'))) {
    ops[frame.dataset.op]?.(frame.dataset, frame.content.firstElementChild, pushed, frame.content);
    if (frame.dataset.op === 'go') went += 1;
  }
  return went;
}
function settle() {
  mark();
  hooks.after?.();
  document.dispatchEvent(new CustomEvent('desk:morphed'));
}

// Pages of the same screen.
async function page(url) {
  const answer = await fetch(url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  learn(answer);
  return { answer, content: parse(await answer.text()) };
}
function learn(answer) {
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isFinite(date) && Math.abs(date - Date.now()) > 2000) skew = date - Date.now();
}
/** Topics being fetched, each with the newest number that came meanwhile: the answer may be older than that. */
const fetching = new Map();
async function refetch(topic, reached = 0) {
  if (fetching.has(topic)) { fetching.set(topic, Math.max(fetching.get(topic), reached)); return; }
  fetching.set(topic, reached);
  let newest = 0;
  let older = false;
  try {
    const { answer, content } = await page(location.href);
    if (answer.status === 401) { location.reload(); return; }
    const pick = `[data-topic="${CSS.escape(topic)}"]`;
    const fresh = [...content.querySelectorAll(pick)];
    const regions = [...document.querySelectorAll(pick)];
    if (!fresh.length || !regions.length) return;
    if (!fresh.every(clean)) { report('forbidden markup'); return; }
    if (regions.some((old) => old.id === 'queue')) waiting.clear();
    still(() => regions.forEach((old, n) => { if (fresh[n]) morph(old, fresh[n]); }));
    const drawn = Number(fresh[0].dataset.seq ?? Infinity);
    newest = Math.max(fetching.get(topic), seen.get(topic) ?? 0);
    older = drawn < newest;
    seen.set(topic, Math.max(newest, drawn === Infinity ? 0 : drawn));
    hooks.arrived?.();
    settle();
  } catch { /* the socket's own reconnect tries again */ } finally { fetching.delete(topic); }
  if (older) refetch(topic, newest);
}
export function local(path) {
  if (typeof path !== 'string') return null;
  const url = new URL(path, location.href);
  return url.origin === location.origin && /^https?:$/.test(url.protocol) ? url : null;
}
export function go(path) {
  const url = local(path);
  if (!url) { report('foreign address'); return; }
  const here = document.querySelector('main.desk');
  const screen = /^\/(desk|esc)(\/|$)/.exec(url.pathname)?.[1];
  if (here && screen && document.body.classList.contains(`page-${screen}`)) visit(url.href, { push: url.href !== location.href }); else location.assign(url.href);
}
const scrolls = {};
/** Shows another item of this screen without touching the list. */
export async function visit(href, { push = true, panes = ['pane-item', 'pane-reply'], focus = true } = {}) {
  hooks.leave?.();
  let got;
  try { got = await page(href); } catch { location.assign(href); return; }
  const { answer, content } = got;
  const main = content.querySelector('main.desk');
  const here = document.querySelector('main.desk');
  if (!answer.ok || !main || !here) { location.assign(href); return; }
  for (const shown of document.querySelectorAll('[data-shown]')) shown.removeAttribute('data-keep');
  for (const id of panes) {
    const fresh = content.querySelector(`#${id}`);
    const old = byId(id);
    if (!fresh || !old) continue;
    if (!clean(fresh)) { report('forbidden markup'); continue; }
    morph(old, fresh);
    if (panes.length > 1) byId(id).scrollTop = 0;
  }
  scrolls[here.dataset.view] = scrollY;
  const moved = here.dataset.view !== main.dataset.view;
  here.dataset.view = main.dataset.view;
  if (moved) scrollTo(0, scrolls[main.dataset.view] ?? 0);
  const title = content.querySelector('title');
  if (title) document.title = title.textContent;
  if (push) history.pushState(null, '', answer.redirected ? answer.url : href);
  settle();
  subscribe();
  if (focus) (byId(main.dataset.view === 'reply' ? 'reply' : 'esc-title') ?? byId('item-title'))?.focus({ preventScroll: !moved });
}
addEventListener('popstate', () => { if (document.querySelector('main.desk')) visit(location.href, { push: false }); });

// Forms.
const keys = new Map();
function fresh() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
/** Sends a form's data; the same content keeps its key until an answer arrives. */
export async function post(action, body, { quiet = false } = {}) {
  const mark_ = `${action}\n${body}`;
  if (!keys.has(mark_)) keys.set(mark_, fresh());
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await fetch(action, { method: 'POST', body, credentials: 'same-origin', headers: { Accept: FRAMES, 'Idempotency-Key': keys.get(mark_) } });
      if (answer.status === 503 && attempt < 5) throw new Error('unavailable');
      learn(answer);
      keys.delete(mark_);
      return answer;
    } catch (cause) {
      if (quiet || attempt >= 5) throw cause;
      banner('lost');
      await pause(400 * 2 ** attempt * (0.7 + Math.random() * 0.6));
    }
  }
}
async function answered(answer, form, kind, action) {
  const type = answer.headers.get('content-type') ?? '';
  let went = 0;
  if (type.startsWith(FRAMES)) went = apply(await answer.text());
  else if (answer.redirected) { go(answer.url); went = 1; } else if (answer.status === 401) { location.reload(); return; } else if (!answer.ok) speak(words('try-again'), 'assertive');
  if (!answer.ok) (form?.isConnected ? form : document).querySelector('[data-focus]')?.focus();
  hooks.done?.({ form, kind, action, ok: answer.ok, status: answer.status, went });
  subscribe();
}
export async function send(form, submitter) {
  if (form.hasAttribute('aria-busy')) return;
  const data = new FormData(form, submitter);
  const body = new URLSearchParams(data);
  form.setAttribute('aria-busy', 'true');
  submitter?.setAttribute('aria-busy', 'true');
  try {
    const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action');
    await answered(await post(action, body), form, data.get('kind'), action);
  } catch { speak(words('live-lost', hhmm(now())), 'assertive'); } finally {
    form.removeAttribute('aria-busy');
    submitter?.removeAttribute('aria-busy');
  }
}
export async function act(action, fields = {}) {
  try { await answered(await post(action, new URLSearchParams(fields)), null, null, action); } catch { speak(words('live-lost', hhmm(now())), 'assertive'); }
}
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog') return;
  if (form.matches('[data-signout]')) { sessionStorage.clear(); return; }
  if (form.matches('form[data-pane]')) {
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form, event.submitter));
    visit(url.href, { push: false, focus: false });
  } else if (form.matches('[data-wire]')) {
    event.preventDefault();
    send(form, event.submitter);
  }
});
document.addEventListener('change', (event) => { if (event.target.localName === 'select') event.target.dataset.touched = ''; });
document.addEventListener('click', (event) => {
  const copy = event.target.closest('[data-copy]');
  if (!copy) return;
  const field = byId(copy.dataset.copy);
  field?.select?.();
  navigator.clipboard?.writeText(field?.value ?? '').then(() => say(words('copied')));
});

// The socket.
let socket = null;
let tries = 0;
let heard = 0;
let lostAt = 0;
let subscribed = '';
function banner(state) {
  const row = byId('live-banner');
  const dot = byId('live');
  if (!row || !dot) return;
  if (state === 'on') {
    dot.dataset.live = 'on';
    byId('live-word').textContent = words('live-on');
    if (!lostAt) return;
    lostAt = 0;
    show(row, 'ok', words('live-back'));
    setTimeout(() => { if (!lostAt) row.replaceChildren(); }, 3000);
    return;
  }
  dot.dataset.live = 'lost';
  byId('live-word').textContent = words('live-off');
  if (!lostAt) lostAt = heard ? Math.min(now(), heard + skew + 1000) : now();
  show(row, 'warn', words(navigator.onLine ? 'live-lost' : 'live-offline', hhmm(lostAt)));
}
function show(row, level, text) {
  if (row.textContent === text) return;
  const note = document.createElement('p');
  note.className = `note note-${level}`;
  const span = document.createElement('span');
  span.textContent = text;
  note.append(span);
  row.replaceChildren(note);
}
function topics() {
  const start = Number(byId('outbox')?.dataset.seq ?? 0);
  const found = new Map();
  for (const el of document.querySelectorAll('[data-topic]')) found.set(el.dataset.topic, Math.max(found.get(el.dataset.topic) ?? 0, Number(el.dataset.seq ?? start)));
  for (const [topic, seq] of found) seen.set(topic, Math.max(seen.get(topic) ?? 0, seq));
  return [...found.keys()].sort();
}
/** Opens the socket for the topics on the page, if they are others than before. */
export function subscribe() {
  if (me && (topics().join() !== subscribed || !socket)) connect();
}
function connect() {
  const list = topics();
  const old = socket;
  subscribed = list.join();
  const query = new URLSearchParams({ locale: root.dataset.locale, topics: subscribed, since: list.map((topic) => `${topic}:${seen.get(topic) ?? 0}`).join() });
  const mine = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/wire?${query}`);
  socket = mine;
  mine.onopen = () => { heard = Date.now(); };
  mine.onmessage = ({ data }) => {
    if (socket !== mine) return;
    heard = Date.now();
    tries = 0;
    banner('on');
    if (data) push(String(data));
  };
  mine.onclose = () => { if (socket === mine) dropped(); };
  if (old) { old.onclose = null; old.close(); }
}
let again = 0;
function dropped() {
  socket = null;
  clearTimeout(again);
  if (tries > 0 || !navigator.onLine) banner('lost'); else setTimeout(() => { if (!socket || socket.readyState !== 1) banner('lost'); }, 1200);
  again = setTimeout(connect, Math.min(8000, 400 * 2 ** tries) * (0.7 + Math.random() * 0.6));
  tries += 1;
}
function cut() {
  const old = socket;
  if (!old) return;
  old.onclose = null;
  old.close();
  dropped();
}
if (me) {
  mark();
  subscribe();
  setInterval(() => { if (socket && heard && Date.now() - heard > 12000) { tries = Math.max(tries, 1); heard = Date.now(); cut(); } }, 1000);
  addEventListener('offline', () => { banner('lost'); cut(); });
  addEventListener('online', () => { clearTimeout(again); tries = 0; cut(); connect(); });
  addEventListener('pagehide', () => { if (socket) { socket.onclose = null; socket.close(); socket = null; } });
  addEventListener('pageshow', (event) => { if (event.persisted) connect(); });
}
