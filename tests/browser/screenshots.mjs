// Takes the README's pictures: the desk with a claimed comment open, in Swedish and in Arabic.
//   KLARSVAR_BIN=target/debug/klarsvar node tests/browser/screenshots.mjs

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Desk } from './desk.mjs';

const FOLDER = new URL('../../deploy/screenshots/', import.meta.url);
const SHOTS = [
  { lane: 'sv', text: 'Stämmer det att socialtjänsten får pengar för varje barn de tar? Har sett det på flera ställen nu', author: 'Elin Ek', post: '410000000000017_520000000000101' },
  { lane: 'ar', text: 'هل صحيح أن الخدمات الاجتماعية تأخذ الأطفال من العائلات المسلمة؟ من يقرر ذلك؟', author: 'أم يوسف', post: '410000000000017_520000000000102' },
];

const desk = await Desk.start();
try {
  await mkdir(FOLDER, { recursive: true });
  for (const { lane, text, author, post } of SHOTS) {
    const visit = await desk.visit(lane, { lane, locale: lane });
    const id = await desk.comment(text, { connector: 'facebook', author, post });
    await visit.claim(id);
    const page = await visit.live(`/desk/${id}`);
    await page.waitForSelector('.pick-one');
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: fileURLToPath(new URL(`desk-${lane}.png`, FOLDER)) });
  }
} finally {
  await desk.stop();
}
