// The moderator's desk: the list that holds still, claims, drafts, templates, undo.

import { act, apply, byId, counted, hhmm, hooks, insert, locale, me, mark, now, number, post, say, scroller, take, visit, waiting, words } from './wire.js';
import { commands } from './keys.js';
import * as guard from './guard.js';

const list = () => byId('queue');
const cards = () => [...document.querySelectorAll('#queue > .card')];
const composer = () => document.querySelector('.composer');
const form = () => byId('reply-form');
const text = () => form()?.elements.namedItem('text');
const opened = () => document.querySelector('.item, .esc')?.dataset.id ?? null;
/** States in which somebody else may have the comment; in the others it has been decided, mostly by the reader. */
const LOST = new Set(['open', 'claimed']);
const minutes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'short' });

// Hold-back: a new card waits while somebody reads, points at or has scrolled the list.
let pointed = false;
byId('queue-scroll')?.addEventListener('pointerenter', (event) => { pointed = event.pointerType === 'mouse'; });
byId('queue-scroll')?.addEventListener('pointerleave', () => { pointed = false; });
hooks.held = (at) => at.hasAttribute('data-filtered') || pointed || at.contains(document.activeElement) || scroller().scrollTop > 0;
hooks.arrived = () => {
  const link = document.querySelector('#q-new .hold-link');
  if (!link) return;
  link.hidden = waiting.size === 0;
  if (waiting.size) byId('q-new-text').textContent = counted('hold', waiting.size);
};
function showNew() {
  if (!waiting.size || list().hasAttribute('data-filtered')) { location.reload(); return; }
  list().style.paddingBlockStart = '';
  for (const { card, before } of waiting.values()) insert(list(), card, before);
  waiting.clear();
  hooks.arrived();
  mark();
  scroller().scrollTop = 0;
  cards()[0]?.querySelector('.card-link').focus();
  document.dispatchEvent(new CustomEvent('desk:morphed'));
}
commands.show = () => { if (!waiting.size) return false; showNew(); return true; };

// The current card.
function current(card) {
  for (const other of document.querySelectorAll('.card[data-current]')) {
    if (other === card) continue;
    other.removeAttribute('data-current');
    if (other.hasAttribute('data-gone') && !other.contains(document.activeElement)) take(other);
  }
  card?.setAttribute('data-current', '');
}
function atCard() {
  return document.activeElement?.closest('.card') ?? document.querySelector('.card[data-current]') ?? null;
}
function step(by) {
  const all = cards();
  if (!all.length) return false;
  const at = all.indexOf(atCard());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  next.querySelector('.card-link').focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}
commands.next = () => step(1);
commands.prev = () => step(-1);
document.addEventListener('focusin', (event) => { const card = event.target.closest?.('#queue > .card'); if (card) current(card); });
document.addEventListener('focusout', (event) => {
  const card = event.target.closest?.('.card[data-gone]');
  if (card && !card.contains(event.relatedTarget)) setTimeout(() => { if (!card.contains(document.activeElement)) { const next = card.nextElementSibling; take(card); if (document.activeElement === document.body) next?.querySelector('.card-link')?.focus({ preventScroll: true }); } });
});
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const pick = event.target.closest('a.pick-one');
  if (pick && form()) { event.preventDefault(); use(pick); return; }
  if (event.target.closest('.hold-link')) { event.preventDefault(); showNew(); return; }
  if (event.target.closest('[data-act="read"]')) { readAloud(); return; }
  const link = event.target.closest('main.desk a[href]');
  if (link && /^\/(desk|esc)(\/[^?]*)?$/.test(link.getAttribute('href').split('?')[0]) && (link.matches('.card-link') || link.closest('.back, .phone-bar'))) {
    event.preventDefault();
    current(link.closest('.card') ?? document.querySelector('.card[data-current]'));
    visit(link.href);
  }
});

// Claims.
commands.claim = () => {
  const card = atCard();
  const here = document.querySelector('.claim');
  const claim = here?.querySelector('[data-act="claim"]');
  if (claim && (!card || card.dataset.id === opened())) { claim.click(); return true; }
  if (card && card.dataset.state === 'open' && !card.hasAttribute('data-gone') && card.closest('.page-desk')) {
    act(`/desk/${card.dataset.id}/claim`).then(() => { if (opened() !== card.dataset.id) visit(`/desk/${card.dataset.id}`); });
    return true;
  }
  return nextItem();
};
function nextItem() {
  const button = document.querySelector('.next [data-act="next"]:not(:disabled)');
  button?.click();
  return Boolean(button);
}
commands.reply = () => { const field = text(); if (field) field.focus(); else document.querySelector('.phone-bar a')?.click(); return true; };
let warned = '';
let beat = now();
function over(note) {
  const field = text();
  if (!field || field.readOnly) return;
  keep();
  field.readOnly = true;
  for (const button of composer().querySelectorAll('button')) button.disabled = true;
  guard.tell('claim-lost', note);
  say(note, 'assertive');
  visit(location.href, { push: false, panes: ['pane-item'], focus: false });
}
function tick() {
  const claim = document.querySelector('.claim[data-claim="mine"]');
  if (claim) {
    const left = Math.max(0, Number(claim.dataset.until) - now());
    const rest = claim.querySelector('[data-left]');
    const seconds = Math.ceil(left / 1000);
    rest.hidden = false;
    rest.textContent = words('claim-left', seconds < 120 ? `${number(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}` : minutes.format(Math.floor(seconds / 60)));
    claim.toggleAttribute('data-soon', seconds <= 60);
    if (seconds <= 60 && warned !== claim.dataset.until) { warned = claim.dataset.until; say(words('claim-soon')); }
    if (left === 0 && warned !== `${claim.dataset.until}!`) { warned = `${claim.dataset.until}!`; over(words('claim-over')); }
  }
  for (const row of document.querySelectorAll('.send[data-undo-until]')) {
    const left = Math.ceil((Number(row.dataset.undoUntil) - now()) / 1000);
    const note = row.querySelector('[data-left]');
    const undo = row.querySelector('[data-act="undo"]');
    if (note) { note.hidden = left <= 0; note.textContent = words('undo-left', number(Math.max(0, left))); }
    if (undo && left <= 0) undo.closest('form').hidden = true;
  }
  for (const row of document.querySelectorAll('.send-delivered, .send-undone')) {
    row.dataset.seen ??= String(now());
    if (now() - Number(row.dataset.seen) > 6000 && !row.contains(document.activeElement)) row.remove();
  }
}
setInterval(tick, 1000);
/** While the person works the claim is renewed without a word. */
function working() {
  const claim = document.querySelector('.claim[data-claim="mine"]');
  if (!claim || now() - beat < 120000) return;
  beat = now();
  post(`/desk/${opened()}/extend`, new URLSearchParams(), { quiet: true }).then((answer) => (answer.ok && answer.headers.get('content-type')?.startsWith('text/vnd.desk') ? answer.text() : '')).then((frames) => { if (frames) apply(frames); }).catch(() => {});
}
for (const kind of ['keydown', 'scroll', 'pointerdown']) document.addEventListener(kind, working, { capture: true, passive: true });

// Drafts: here at once, on the server when typing pauses.
let timer = 0;
function fields() {
  const out = new URLSearchParams();
  for (const [name, value] of new FormData(form())) if (name === 'text' || name.startsWith('slot.') || name === 'template' || name === 'version' || name === 'variant') out.append(name, value);
  return out;
}
function keep() {
  if (!form() || !text()) return;
  try { sessionStorage.setItem(`draft:${me}:${composer().dataset.id}`, fields().toString()); } catch { /* a full store only loses the second copy */ }
}
async function save() {
  clearTimeout(timer);
  timer = 0;
  const at = form();
  if (!at) return;
  const saved = at.querySelector('[data-saved]');
  try {
    const answer = await post(at.dataset.draft, fields(), { quiet: true });
    if (saved && answer.ok) saved.textContent = words('draft-saved', hhmm(now()));
  } catch { if (saved) saved.textContent = words('draft-local'); }
}
function changed() {
  keep();
  guard.check(form());
  clearTimeout(timer);
  timer = setTimeout(save, 800);
}
document.addEventListener('input', (event) => { if (event.target.matches('#reply-form [data-draft-field], #reply-form .slots input')) changed(); });
hooks.leave = () => { if (timer) { keep(); save(); } };
addEventListener('pagehide', keep);
function restore() {
  const at = form();
  if (!at || at.dataset.restored) return;
  at.dataset.restored = '1';
  const stored = sessionStorage.getItem(`draft:${me}:${composer().dataset.id}`);
  if (stored && !new URLSearchParams(location.search).has('template')) {
    const draft = new URLSearchParams(stored);
    if (draft.get('text') && draft.get('text') !== text().value) {
      for (const name of ['template', 'version', 'variant']) if (draft.has(name)) at.elements.namedItem(name).value = draft.get(name);
      text().value = draft.get('text');
      const picked = document.querySelector(`.pick-one[data-template="${CSS.escape(draft.get('template') ?? '')}"]`);
      if (picked) slots(picked);
      for (const [name, value] of draft) if (name.startsWith('slot.') && at.elements.namedItem(name)) at.elements.namedItem(name).value = value;
      at.querySelector('[data-saved]').textContent = words('draft-restored');
    }
  }
  guard.check(at);
}

// Templates.
function slots(pick) {
  const box = form().querySelector('.slots');
  const had = Object.fromEntries([...box.querySelectorAll('input')].map((field) => [field.name, field.value]));
  box.replaceChildren(...[...pick.querySelectorAll('.slot')].map((slot) => {
    const row = document.createElement('p');
    row.className = 'field';
    const label = document.createElement('label');
    const field = document.createElement('input');
    field.id = `slot-${slot.dataset.name}`;
    field.name = `slot.${slot.dataset.name}`;
    field.dataset.token = slot.dataset.token;
    field.dir = 'auto';
    field.autocomplete = 'off';
    field.value = had[field.name] ?? '';
    label.htmlFor = field.id;
    label.append(slot.textContent.trim(), ' ');
    const token = document.createElement('bdi');
    token.textContent = slot.dataset.token;
    label.append(token);
    row.append(label, field);
    return row;
  }));
}
function use(pick) {
  const at = form();
  at.elements.namedItem('template').value = pick.dataset.template;
  at.elements.namedItem('version').value = pick.dataset.version;
  at.elements.namedItem('variant').value = pick.dataset.variant;
  text().value = pick.dataset.text;
  text().lang = pick.dataset.lang;
  for (const other of document.querySelectorAll('.pick-one')) other.toggleAttribute('data-picked', other === pick);
  slots(pick);
  changed();
  (at.querySelector('.slots input:placeholder-shown, .slots input') ?? text()).focus();
  say(words('inserted'));
}
for (const n of [1, 2, 3, 4, 5]) commands[`pick-${n}`] = () => { const pick = document.querySelector(`.pick-one[data-insert="${n}"]`); if (!pick || !form()) return false; use(pick); return true; };
commands.send = () => {
  const at = form();
  if (!at) return false;
  if (!guard.check(at)) { guard.show(at); return true; }
  at.requestSubmit(at.querySelector('[data-act="send"]'));
  return true;
};
document.addEventListener('submit', (event) => {
  if (event.target.id !== 'reply-form' || event.submitter?.dataset.act !== 'send') return;
  if (!guard.check(event.target)) { event.preventDefault(); guard.show(event.target); return; }
  // The text leaves now: saving it as a draft afterwards would be refused.
  keep();
  clearTimeout(timer);
  timer = 0;
}, { capture: true });

// After an answer.
hooks.done = ({ form: sent, action, ok, went }) => {
  if (!sent || !ok) return;
  const path = action ?? '';
  const id = /^\/desk\/([^/]+)\/(decide|escalate|release)$/.exec(path)?.[1];
  if (!id || sent.querySelector('[name="kind"][value="reply"]') && document.querySelector('#reply-form .errors')) return;
  clearTimeout(timer);
  timer = 0;
  if (!path.endsWith('release')) sessionStorage.removeItem(`draft:${me}:${id}`);
  const card = byId(`card-${id}`);
  const next = card?.nextElementSibling ?? cards().find((other) => other !== card);
  if (!went) visit(location.href, { push: false, focus: false }).then(() => { (next?.isConnected ? next.querySelector('.card-link') : byId('item-title'))?.focus({ preventScroll: true }); });
};
hooks.after = () => {
  const item = document.querySelector('.item');
  const at = byId(`card-${opened()}`);
  if (at && !document.querySelector('.card[data-current]')) current(at);
  if (item && composer()?.dataset.mode === 'mine' && composer().dataset.id === item.dataset.id && LOST.has(item.dataset.state) && item.dataset.owner !== me) over(words('claim-over'));
  restore();
  tick();
};
hooks.after();

// The load wall reads itself aloud when asked, never unasked.
function readAloud() {
  say([...document.querySelectorAll('.tile')].map((tile) => [tile.querySelector('h2').textContent, tile.querySelector('.tile-state').textContent, ...[...tile.querySelectorAll('.figures > div')].map((pair) => `${pair.children[0].textContent} ${pair.children[1].textContent}`)].join(', ')).join('. '));
}
