// The command list (Ctrl+K): everything the page can do now and every place to go, with its key beside it.

import { words } from './wire.js';
import { run } from './keys.js';

function lines() {
  const acts = [...document.querySelectorAll('#keyhelp [data-cmd]')].filter((row) => !['pick', 'palette', 'go', 'pane'].includes(row.dataset.cmd))
    .map((row) => ({ label: row.querySelector('dd').textContent, key: row.querySelector('dt').textContent, go: () => run(row.dataset.cmd) }));
  const places = [...document.querySelectorAll('.nav a, .menu-box a')].map((link) => ({ label: link.textContent.trim(), key: '', go: () => location.assign(link.href) }));
  return [...acts, ...places];
}
export function open() {
  const before = document.activeElement;
  const dialog = document.createElement('dialog');
  dialog.className = 'palette';
  dialog.setAttribute('aria-label', words('palette'));
  const field = document.createElement('input');
  field.type = 'search';
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-expanded', 'true');
  field.setAttribute('aria-controls', 'palette-list');
  field.setAttribute('aria-label', words('palette-find'));
  field.placeholder = words('palette-find');
  const rows = document.createElement('ul');
  rows.id = 'palette-list';
  rows.setAttribute('role', 'listbox');
  rows.setAttribute('aria-label', words('palette'));
  const all = lines();
  let shown = [];
  let at = 0;
  const choose = (n) => {
    at = Math.max(0, Math.min(shown.length - 1, n));
    [...rows.children].forEach((row, i) => { row.setAttribute('aria-selected', String(i === at)); if (i === at) { row.scrollIntoView({ block: 'nearest' }); field.setAttribute('aria-activedescendant', row.id); } });
  };
  const finish = (line) => { dialog.close(); if (line) line.go(); };
  const draw = () => {
    const want = field.value.trim().toLocaleLowerCase();
    shown = all.filter((line) => line.label.toLocaleLowerCase().includes(want));
    rows.replaceChildren(...shown.map((line, i) => {
      const row = document.createElement('li');
      row.id = `palette-${i}`;
      row.setAttribute('role', 'option');
      const label = document.createElement('span');
      label.textContent = line.label;
      row.append(label);
      if (line.key) { const key = document.createElement('kbd'); key.textContent = line.key; row.append(key); }
      row.addEventListener('click', () => finish(line));
      return row;
    }));
    if (!shown.length) { const row = document.createElement('li'); row.setAttribute('role', 'option'); row.setAttribute('aria-disabled', 'true'); row.textContent = words('palette-none'); rows.append(row); }
    choose(0);
  };
  field.addEventListener('input', draw);
  field.addEventListener('keydown', (event) => {
    if (event.code === 'ArrowDown' || event.code === 'ArrowUp') { event.preventDefault(); choose(at + (event.code === 'ArrowDown' ? 1 : -1)); }
    if (event.code === 'Enter') { event.preventDefault(); finish(shown[at]); }
  });
  dialog.addEventListener('close', () => { dialog.remove(); if (before?.isConnected && document.activeElement === document.body) before.focus(); });
  dialog.append(field, rows);
  document.body.append(dialog);
  draw();
  dialog.showModal();
  field.focus();
}
