// What every client test stands on: a demonstration whose stand-ins the platforms' own clients talk to.
// Holds no assertions about the product beyond "it started".

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Longest wait for the desk to say that it serves: a debug build hashes six passwords first. */
const START_MS = 90_000;
/** Longest wait for any one state. */
const WAIT_MS = 15_000;

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

/** A demonstration desk with its stand-ins, on which nothing happens by itself. `stop()` ends it. */
export class Desk {
  #child;
  #folder;

  static async start() {
    const desk = new Desk();
    try {
      await desk.#serve();
    } catch (cause) {
      await desk.stop();
      throw cause;
    }
    return desk;
  }

  async #serve() {
    // The name of the binary would be read as a setting of the desk.
    const { KLARSVAR_BIN: binary, ...surroundings } = process.env;
    if (!binary) throw new Error('KLARSVAR_BIN must name the klarsvar binary to test');
    this.#folder = await mkdtemp(join(tmpdir(), 'klarsvar-clients-'));
    this.#child = spawn(binary, ['demo', '--json', '--port', '0', '--rate', '0'], {
      cwd: this.#folder, env: { ...surroundings, TMPDIR: this.#folder }, stdio: ['ignore', 'pipe', 'pipe'],
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
    this.token = told.token;
    this.people = told.people;
    this.platforms = told.platforms;
  }

  /** One platform's stand-in as announced: `api`, `page`, `account`, `access_token`, `posts` (what comments stand under). */
  platform(connector) {
    const found = this.platforms.find((one) => one.connector === connector);
    if (!found) throw new Error(`no stand-in speaks for ${connector}`);
    return found;
  }

  /** What the public sees on a stand-in, as HTML. */
  async page(connector) {
    const answer = await fetch(this.platform(connector).page);
    if (!answer.ok) throw new Error(`the public's page answered ${answer.status}`);
    return answer.text();
  }

  async stop() {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => { child.once('exit', done); });
      child.kill('SIGKILL');
      await gone;
    }
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }
}
