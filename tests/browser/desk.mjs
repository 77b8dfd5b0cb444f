// What every browser test stands on: a demonstration desk of its own, people at it, pages that keep their complaints.
// Holds no assertions about the product beyond "it answered".

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
/** Longest wait for the desk to say that it serves: a debug build hashes six passwords first. */
const START_MS = 90_000;
/** Longest wait for any one state of a page. */
export const WAIT_MS = 15_000;
export const LOCALES = ['sv', 'ar', 'en'];
/** Text for a comment that asks for nothing special, by lane. */
export const PLAIN = {
  sv: 'Vad är skillnaden mellan en utredning och ett beslut? Jag undrar hur det går till i vår kommun.',
  ar: 'كيف يتم التحقيق ومن الذي يقرر في النهاية؟ أريد أن أفهم الخطوات',
  en: 'Who decides in the end, and where can I read how an investigation is done in this country?',
};
/** Text that is masked: a threat. */
export const HEAVY = 'Jag ska döda er alla på socialkontoret';

/** Asks until `ask` answers something true; fails with `what` at the deadline. */
export async function until(what, ask, within = WAIT_MS) {
  const end = Date.now() + within;
  for (;;) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((done) => { setTimeout(done, 25); });
  }
}

/** A demonstration desk and the browser that visits it. `await using` or `stop()` ends both. */
export class Desk {
  #child;
  #folder;
  #browser;
  #next = 1;
  #visits = [];

  static async start({ env = {}, rate = 0, browser = true } = {}) {
    const desk = new Desk();
    try {
      await desk.#serve(env, rate);
      if (browser) desk.#browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
    } catch (cause) {
      await desk.stop();
      throw cause;
    }
    return desk;
  }

  async #serve(env, rate) {
    // The name of the binary would be read as a setting of the desk.
    const { KLARSVAR_BIN: binary, ...surroundings } = process.env;
    if (!binary) throw new Error('KLARSVAR_BIN must name the klarsvar binary to test');
    this.#folder = await mkdtemp(join(tmpdir(), 'klarsvar-browser-'));
    this.#child = spawn(binary, ['demo', '--json', '--port', '0', '--rate', String(rate)], {
      cwd: this.#folder,
      // One browser signs in as everybody, again and again, from one address.
      env: { ...surroundings, TMPDIR: this.#folder, KLARSVAR_PERSON__TRIES_PER_SOURCE: '10000', KLARSVAR_TEACHING__BLIND_PERCENT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    this.#child.stderr.on('data', (bytes) => { said = (said + bytes).slice(-4000); });
    const line = await new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`the desk did not start: ${said}`)), START_MS);
      this.#child.once('exit', (code) => { clearTimeout(late); fail(new Error(`the desk ended with ${code}: ${said}`)); });
      createInterface({ input: this.#child.stdout }).once('line', (first) => { clearTimeout(late); done(first); });
    });
    const told = JSON.parse(line);
    this.url = told.ready;
    this.people = told.people;
    this.token = told.token;
    this.platforms = told.platforms;
  }

  /** Stops the server as the operating system would, without a word to its clients. */
  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => { child.once('exit', done); });
    child.kill('SIGKILL');
    await gone;
  }

  async stop() {
    await this.#browser?.close();
    await this.kill();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  /** A browser window of its own, signed in as `role` (moderators: `sv` or `ar`), checked in to `lane` if named. */
  async visit(role = null, { lane = null, locale = 'sv', ...options } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.url, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options,
    });
    context.setDefaultTimeout(WAIT_MS);
    const visit = new Visit(this, context);
    this.#visits.push(visit);
    if (role) await visit.signIn(role);
    // After signing in: a person's own choice outranks the window's.
    await visit.choose(locale);
    if (lane) await visit.checkIn(lane);
    return visit;
  }

  /** Ends every window; a test calls it so that the next one starts with none. */
  async leave() {
    await Promise.all(this.#visits.splice(0).map((visit) => visit.context.close()));
  }

  person(role) {
    const found = this.people.find((one) => (role === 'sv' || role === 'ar' ? one.role === 'moderator' && one.lanes.includes(role) : one.role === role));
    if (!found) throw new Error(`nobody at the desk is ${role}`);
    return found;
  }

  /** Hands in one comment as a programme does; answers its id. */
  async comment(text, { connector = 'manual', author = 'Någon Annan', ...rest } = {}) {
    const [id] = await this.comments([text], { connector, author, ...rest });
    return id;
  }

  async comments(texts, { connector = 'manual', author = 'Någon Annan', ...rest } = {}) {
    const list = texts.map((text) => ({ connector, external_id: `browser-${this.#next++}`, author, text, ...rest }));
    const answer = await fetch(`${this.url}/api/v1/comments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(list),
    });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`comments refused with ${answer.status}: ${body}`);
    return JSON.parse(body).comments.map((one) => one.id);
  }

  /** What the public sees on the stand-in of a platform. */
  async standin(platform = 'facebook') {
    const at = this.platforms.find((one) => one.platform === platform);
    return (await fetch(at.page)).text();
  }
}

/** One window with its session; keeps every complaint of the browser. */
export class Visit {
  constructor(desk, context) {
    this.desk = desk;
    this.context = context;
    this.complaints = [];
    this.foreign = [];
    context.on('page', (page) => this.#watch(page));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(desk.url).host) this.foreign.push(url.href);
    });
  }

  #watch(page) {
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // The browser repeats every answer of 4xx as an error of its own; the tests ask for the status where it matters.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
  }

  async open(path, page = null) {
    const at = page ?? await this.context.newPage();
    const answer = await at.goto(path);
    at.answered = answer;
    return at;
  }

  /** Opens a page and waits for its socket. */
  async live(path, page = null) {
    const at = await this.open(path, page);
    await at.waitForSelector('#live[data-live="on"]');
    return at;
  }

  async form(path, fields = {}) {
    return this.context.request.post(path, { form: fields, headers: { origin: this.desk.url, accept: 'text/html' }, maxRedirects: 0 });
  }

  async api(method, path, data) {
    return this.context.request.fetch(`/api/v1${path}`, { method, data, headers: { origin: this.desk.url } });
  }

  async choose(locale) {
    const answer = await this.form('/locale', { locale, back: '/' });
    if (answer.status() !== 303) throw new Error(`no locale ${locale}: ${answer.status()}`);
  }

  async signIn(role) {
    const { email, password } = this.desk.person(role);
    const answer = await this.form('/in', { email, password, back: '' });
    if (answer.status() !== 303) throw new Error(`${role} not signed in: ${answer.status()}`);
    this.me = await (await this.api('GET', '/me')).json();
  }

  async checkIn(lane) {
    const answer = await this.form('/shifts/check-in', { lane, handover_read: 'true' });
    // Checked in already, at an earlier test's window.
    if (![303, 409].includes(answer.status())) throw new Error(`not checked in to ${lane}: ${answer.status()} ${await answer.text()}`);
  }

  async claim(id) {
    const answer = await this.api('POST', `/comments/${id}/claim`, {});
    if (!answer.ok()) throw new Error(`no claim: ${answer.status()} ${await answer.text()}`);
  }

  /** Gives back whatever this person holds, so that the next test finds a free pair of hands. */
  async release(id) {
    await this.api('POST', `/comments/${id}/release`, {});
  }
}

/** The frames a page gets, by replacing nothing: what `wire.js` would be handed is handed to it. */
export async function frame(page, text, pushed = true) {
  return page.evaluate(async ([text_, pushed_]) => {
    const source = [...document.scripts].find((script) => script.src.endsWith('/js/wire.js')).src;
    const wire = await import(source);
    return wire.apply(text_, pushed_);
  }, [text, pushed]);
}

export async function hostile() {
  return JSON.parse(await readFile(new URL('../data/hostile-text.json', import.meta.url), 'utf8'));
}
