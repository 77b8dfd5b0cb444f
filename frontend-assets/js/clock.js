// Times: relative while young, with the absolute time in the title. Marks load tiles that have gone stale, and shows when the bell
// of a shift is near.

import { locale, now } from './wire.js';

const short = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'short' });
const hours = new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'short' });
export function tick() {
  for (const el of document.querySelectorAll('time[data-ago]')) {
    const minutes = Math.floor((now() - Date.parse(el.dateTime)) / 60000);
    if (!(minutes < 1440)) continue;
    el.title ||= el.textContent;
    const text = minutes < 60 ? short.format(Math.max(0, minutes)) : hours.format(Math.floor(minutes / 60));
    if (el.textContent !== text) el.textContent = text;
  }
  // A shift ends with its bell: said a quarter of an hour before (shift/bell.rs), with the way to prolong it.
  for (const bell of document.querySelectorAll('.bell[data-until]')) {
    const left = Number(bell.dataset.until) - now();
    bell.hidden = !(left > 0 && left <= 900000);
  }
  for (const tile of document.querySelectorAll('.tile[data-at]')) tile.toggleAttribute('data-stale', now() - Number(tile.dataset.at) > 60000);
}
tick();
setInterval(tick, 15000);
document.addEventListener('desk:morphed', tick);
