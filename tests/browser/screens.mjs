// Every screen of the desk with who may see it, and something on it to see.

import { HEAVY, PLAIN } from './desk.mjs';

/** Puts one of everything on the desk: a claimed comment, a masked one, an escalation. Answers the screens by role. */
export async function furnish(desk) {
  const sven = await desk.visit('sv', { lane: 'sv' });
  const week = await roster(desk);
  const [held, heavy, asked] = await desk.comments([PLAIN.sv, HEAVY, `${PLAIN.sv} (2)`]);
  await sven.claim(held);
  await sven.claim(asked);
  const answer = await sven.form(`/desk/${asked}/escalate`, { revision: '1', question: 'Får vi svara på den här?', proposal_kind: 'leave' });
  if (answer.status() !== 303) throw new Error(`not escalated: ${answer.status()} ${await answer.text()}`);
  const stina = await desk.visit('supervisor', { lane: 'en' });
  const list = await (await stina.api('GET', '/escalations')).json();
  const escalation = (list.items ?? list.escalations)[0].id;
  const editor = await desk.visit('editor');
  const queue = await (await sven.api('GET', '/queue?lane=sv')).json();
  // Only what the platform itself told of stands under a post that can be opened.
  const linked = queue.items.find((item) => !['manual', 'snapchat'].includes(item.platform)).id;
  const templates = await (await editor.open('/templates')).locator('a[href^="/templates/"]').first().getAttribute('href');
  const out = await (await sven.open('/desk')).locator('a.shift').getAttribute('href');
  const lead = await desk.visit('lead');
  const campaign = await material(lead);
  await Promise.all([sven, stina, editor, lead].map((visit) => visit.context.close()));
  return {
    held, heavy, asked, escalation,
    screens: {
      nobody: ['/in', '/accessibility', '/no-such-page'],
      sv: ['/desk?lane=sv', `/desk/${held}`, `/desk/${held}/reply`, `/desk/${heavy}`, '/shifts', `/shifts?week=${week}`, '/shifts/check-in', out, '/by-hand', '/enter', '/me', '/in/password', '/accessibility', `/go?comment=${linked}`, '/no-such-page'],
      supervisor: ['/insight', '/esc', `/esc/${escalation}`, '/load', '/channels', '/shifts', '/templates', '/desk?lane=sv', '/narratives', '/narratives/new', '/narratives/social-services-kidnap', '/examples', '/agreement', `/desk/${held}/why`],
      lead: ['/load', '/campaigns', `/campaigns/${campaign}`, '/insight', '/reports', '/shifts', `/shifts?week=${week}`, '/templates', '/me'],
      editor: ['/templates', templates, '/narratives', '/narratives/new', '/me'],
      admin: ['/people', '/channels', '/me'],
    },
  };
}

/** A material of the first campaign; answers the campaign. */
async function material(lead) {
  const { id } = (await (await lead.api('GET', '/campaigns')).json()).campaigns[0];
  // A desk that was furnished before has it.
  await lead.api('POST', `/campaigns/${id}/materials`, { name: 'film_utredning', variant: 'sv', kind: 'film', title: 'Så går en utredning till', link: 'https://exempel.se/film' });
  return id;
}

/** Something of everything on the roster: a draft, a break, an exchange that waits, somebody away. */
async function roster(desk) {
  const lead = await desk.visit('lead');
  const sven = await desk.visit('sv', { lane: 'sv' });
  const { next } = await (await lead.api('GET', '/shifts')).json();
  const { from } = await (await lead.api('GET', `/shifts?week=${next}`)).json();
  const at = (day, hour) => new Date(Date.parse(from) + (day * 24 + hour) * 3_600_000).toISOString();
  const plan = async (day, draft) => lead.api('POST', '/shifts', {
    person: sven.me.id, lane: 'sv', starts_at: at(day, 8), ends_at: at(day, 17), draft, breaks: [{ from: at(day, 12), to: at(day, 12.5) }],
  });
  const answer = await plan(0, false);
  // A desk that was furnished before has them.
  if (answer.status() === 201) {
    await plan(1, true);
    const people = await (await desk.visit('supervisor')).api('GET', '/me');
    await sven.api('POST', '/exchanges', { shift: (await answer.json()).id, of: (await people.json()).id });
    await lead.api('POST', '/absences', { person: sven.me.id, kind: 'leave', from: at(3, 0), to: at(5, 0) });
  }
  await Promise.all([lead, sven].map((visit) => visit.context.close()));
  return next;
}

/** Runs `look` on every screen in one locale, each role in a window of its own. */
export async function walk(desk, screens, locale, look, options = {}) {
  for (const [role, paths] of Object.entries(screens)) {
    const visit = await desk.visit(role === 'nobody' ? null : role, { locale, ...options });
    const page = await visit.context.newPage();
    for (const path of paths) {
      await visit.open(path, page);
      await look(page, { role, path, visit });
    }
    await visit.context.close();
  }
}
