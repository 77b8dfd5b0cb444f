// Mirrors the guardrails that can be seen while typing: length, slots, emptiness. The server decides.

import { byId, locale, number, words } from './wire.js';

const OWN = ['unfilled-slot', 'too-long', 'empty'];
const graphemes = new Intl.Segmenter(locale, { granularity: 'grapheme' });
const bytes = new TextEncoder();
/** Links that count 23 and names that count without their server, as `Counting::LinksAndNames` has them. */
const LINK = /(?<![\p{L}\p{N}_@/#$])https?:\/\/[^\s<>"():/?#]*\.\p{L}{2,}(?:[:/?#][^\s<>"()]*?)?(?=[.,:;!?'\]}»”’]*(?:[\s<>"()]|$))/giu;
const NAME = /(?<![\p{L}\p{N}_=/])(@[a-z0-9_][a-z0-9_.-]*)@[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?/giu;
/** Length by the platform's own rule. */
export function measure(text, by) {
  if (by === 'links-and-names') return measure(text.replace(LINK, 'x'.repeat(23)).replace(NAME, '$1'), 'graphemes');
  if (by === 'graphemes') return [...graphemes.segment(text)].length;
  if (by === 'utf16') return text.length;
  if (by === 'utf8') return bytes.encode(text).length;
  return [...text].length;
}
/** The text as it will be sent, and the slots still open in it. */
export function filled(form) {
  let text = form.elements.namedItem('text').value;
  const open = [];
  for (const field of form.querySelectorAll('.slots input')) {
    const { token } = field.dataset;
    if (!text.includes(token)) continue;
    if (field.value.trim()) text = text.replaceAll(token, field.value.trim()); else open.push(field);
  }
  return { text, open };
}
function box(form) {
  return form.querySelector('.guard');
}
function line(code, sentence) {
  const item = document.createElement('li');
  item.className = 'guard-block';
  item.dataset.code = code;
  item.dataset.own = '';
  const span = document.createElement('span');
  span.textContent = sentence;
  item.append(span);
  return item;
}
function set(form, lines) {
  const guard = box(form);
  let rows = guard.querySelector('ul');
  if (!rows && !lines.length) return;
  if (!rows) { rows = document.createElement('ul'); guard.append(rows); }
  for (const old of [...rows.children]) if (OWN.includes(old.dataset.code)) old.remove();
  rows.prepend(...lines);
}
/** True when nothing seen here stops the sending. */
export function check(form) {
  const { text, open } = filled(form);
  const limit = Number(form.dataset.limit) || Infinity;
  const length = measure(text, form.dataset.count);
  const row = form.querySelector('.count-row');
  row.toggleAttribute('data-over', length > limit);
  row.toggleAttribute('data-near', length > limit * 0.9 && length <= limit);
  row.querySelector('[data-counter] bdi').textContent = Number.isFinite(limit) ? `${number(length)} / ${number(limit)}` : number(length);
  row.title = length > limit * 0.9 && length <= limit ? words('near-limit') : '';
  const lines = open.map((field) => line('unfilled-slot', words('guard-unfilled-slot', field.dataset.token)));
  if (length > limit) lines.push(line('too-long', words('guard-too-long', number(length - limit))));
  const empty = !text.trim();
  set(form, lines);
  const stop = lines.length > 0 || empty;
  form.querySelector('[data-act="send"]').setAttribute('aria-disabled', String(stop));
  return !stop;
}
/** Leads the person to the first thing to mend. */
export function show(form) {
  const { text, open } = filled(form);
  if (!text.trim()) set(form, [line('empty', words('guard-empty'))]);
  (open[0] ?? form.elements.namedItem('text')).focus();
  byId('say-assertive').textContent = box(form).textContent.trim();
}
export function tell(code, sentence) {
  const form = byId('reply-form');
  if (form) set(form, [line(code, sentence)]);
}
