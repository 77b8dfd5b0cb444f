// Times: relative while young, with the absolute time in the title. Marks load tiles that have gone stale.

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
  for (const tile of document.querySelectorAll('.tile[data-at]')) tile.toggleAttribute('data-stale', now() - Number(tile.dataset.at) > 60000);
}
tick();
setInterval(tick, 15000);
document.addEventListener('desk:morphed', tick);
