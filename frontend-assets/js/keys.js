// Single keys by physical place (event.code), so that they are the same on Swedish, Arabic and English layouts.

import { byId } from './wire.js';

const root = document.documentElement;
const FIELD = 'textarea, select, input:not([type="checkbox"]):not([type="radio"]), [contenteditable]';
const CODES = {
  KeyJ: 'next', KeyK: 'prev', KeyC: 'claim', KeyX: 'release', KeyR: 'reply', KeyT: 'find', KeyP: 'preview', KeyU: 'undo', KeyE: 'escalate', KeyH: 'hide',
  KeyL: 'leave', KeyY: 'extend', KeyB: 'mask', Period: 'show', KeyW: 'wrong', KeyV: 'read', KeyA: 'approve', KeyD: 'return', KeyO: 'overturn', KeyG: 'go', KeyF: 'prolong',
};
const PLACES = { KeyQ: '/desk', KeyE: '/esc', KeyL: '/load', KeyS: '/shifts', KeyT: '/templates' };
/** Commands a screen adds or replaces; each returns false to let the ordinary button act. */
export const commands = {};
let going = 0;

/** Does what a key or a line of the command list says. */
export function run(name, event) {
  if (commands[name] && commands[name](event) !== false) return true;
  const el = [...document.querySelectorAll(`[data-act="${name}"]`)].find((found) => found.offsetParent !== null);
  if (!el) return false;
  if (el.localName === 'details') {
    el.open = true;
    el.querySelector('summary').scrollIntoView({ block: 'nearest' });
    el.querySelector('input:not([type="hidden"]), select, textarea, button')?.focus();
  } else el.click();
  return true;
}
commands.help = () => { byId('keyhelp')?.showModal(); };
commands.palette = () => { import('./palette.js').then(({ open }) => open()); };
commands.go = () => { going = Date.now(); };
commands.send = () => { byId('reply-form')?.requestSubmit(byId('reply-form').querySelector('[data-act="send"]')); };
commands.find = () => { const field = document.querySelector('.pick-find input, #q'); if (!field) return false; field.focus(); return true; };
commands.pane = (event) => {
  const panes = [...document.querySelectorAll('[data-pane]:not(form)')].filter((pane) => pane.offsetParent !== null);
  if (!panes.length) return false;
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + (event?.shiftKey ? panes.length - 1 : 1)) % panes.length];
  next.querySelector('.card[data-current] .card-link, h2[tabindex], .card-link, a, button')?.focus();
  return true;
};

function back(event) {
  if (document.querySelector('dialog[open]')) return false;
  const at = event.target;
  const open = at.closest?.('details.end[open], details.menu[open]') ?? document.querySelector('details.menu[open]');
  if (open) { open.open = false; open.querySelector('summary').focus(); return true; }
  if (at.matches?.(FIELD)) { at.blur(); byId('item-title')?.focus({ preventScroll: true }); return true; }
  return false;
}

function name(event) {
  if (event.code === 'F6') return 'pane';
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && !event.shiftKey) return event.code === 'Enter' || event.code === 'NumpadEnter' ? 'send' : event.code === 'KeyK' ? 'palette' : null;
  const mode = root.dataset.keys;
  if (command || mode === 'off' || event.altKey !== (mode === 'alt') || event.target.closest?.(FIELD) || document.querySelector('dialog[open]')) return null;
  if (event.key === '?' || event.key === '؟') return 'help';
  if (event.shiftKey) return null;
  const digit = /^(?:Digit|Numpad)([1-5])$/.exec(event.code);
  return digit ? `pick-${digit[1]}` : (CODES[event.code] ?? null);
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat && event.code !== 'KeyJ' && event.code !== 'KeyK') return;
  if (event.code === 'Escape') { if (back(event)) event.preventDefault(); return; }
  const found = name(event);
  if (!found) return;
  if (going && Date.now() - going < 1500 && PLACES[event.code]) {
    going = 0;
    event.preventDefault();
    const link = document.querySelector(`.nav a[href="${PLACES[event.code]}"]`);
    if (link) location.assign(link.href);
    return;
  }
  going = 0;
  if (run(found, event)) event.preventDefault();
});
document.addEventListener('click', (event) => { if (event.target.closest('[data-act="help"]')) commands.help(); });
// Help shows the letters of the person's own keyboard, where the browser knows them.
navigator.keyboard?.getLayoutMap?.().then((map) => {
  for (const [code, command] of Object.entries(CODES)) {
    const label = map.get(code)?.toUpperCase();
    const kbd = byId('keyhelp')?.querySelector(`[data-cmd="${command}"] kbd`);
    if (kbd && label && command !== 'go') kbd.textContent = root.dataset.keys === 'alt' ? `Alt+${label}` : label;
  }
}).catch(() => {});
