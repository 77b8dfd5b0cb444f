// A report is printed: the PDF is tagged, has its title and language, and nothing of the shell.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { Desk } from './desk.mjs';

let desk;

before(async () => { desk = await Desk.start(); });
after(() => desk?.stop());

/** Everything of a PDF that is text: what stands in it and what its compressed streams hold. */
function inside(pdf) {
  const parts = [pdf.toString('latin1')];
  for (let at = pdf.indexOf('stream'); at >= 0; at = pdf.indexOf('stream', at + 6)) {
    if (pdf.subarray(at - 3, at).toString('latin1') === 'end') continue;
    const from = at + 6 + (pdf[at + 6] === 13 ? 2 : 1);
    const to = pdf.indexOf('endstream', from);
    try { parts.push(inflateSync(pdf.subarray(from, to)).toString('latin1')); } catch { /* a font or a picture */ }
  }
  return parts.join('\n');
}

for (const [locale, lang] of [['sv', 'sv-SE'], ['ar', 'ar-SE'], ['en', 'en-SE']]) {
  test(`40 the printed report is tagged, in ${locale}`, async () => {
    const visit = await desk.visit('lead', { locale });
    const page = await visit.open('/reports');
    const title = await page.title();
    assert.equal(await page.locator('nav, .top, .foot').first().isVisible(), true);
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.top', '.foot', 'main nav']) {
      assert.equal(await page.locator(gone).first().isVisible(), false, `${gone} is printed`);
    }
    const text = inside(await page.pdf({ tagged: true, outline: true, format: 'A4' }));
    assert.match(text, /\/Marked true/);
    assert.ok(text.includes('/StructTreeRoot'), 'it has no structure');
    assert.ok(text.includes(`/Lang (${lang}`), `the language is not ${lang}`);
    for (const tag of ['H1', 'H2', 'Table', 'TH', 'TD', 'LI']) assert.ok(text.includes(`/S /${tag}\n`), `no ${tag}`);
    const written = [...title].map((c) => c.charCodeAt(0).toString(16).padStart(4, '0')).join('').toUpperCase();
    assert.ok(text.includes(`/Title (${title})`) || text.toUpperCase().includes(`/TITLE <FEFF${written}`), 'no title');
  });
}
