// Settings that show at once: theme, density; and the eye beside a password.

import { byId, words } from './wire.js';

const root = document.documentElement;
document.addEventListener('change', (event) => {
  const { name, value } = event.target;
  if (event.target.closest('[data-prefs]') && ['theme', 'density', 'keys', 'say'].includes(name)) root.dataset[name] = value;
});
for (const button of document.querySelectorAll('[data-show]')) {
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    const field = byId(button.dataset.show);
    const open = field.type === 'password';
    field.type = open ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(open));
    const label = button.querySelector('span');
    const next = words(open ? 'hide-password' : 'show-password');
    if (label && next) label.textContent = next;
    field.focus();
  });
}
