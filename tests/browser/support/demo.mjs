// The real program with its demonstration, started once for a file of tests.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../target/debug/klarsvar', import.meta.url));

/** Starts `klarsvar demo` on a free port; gives what it announced and a way to stop it. */
export async function demo({ rate = 0 } = {}) {
  const child = spawn(process.env.KLARSVAR_BIN ?? built, ['demo', '--json', '--port', '0', '--rate', String(rate)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, KLARSVAR_LOG: 'error' },
  });
  const complaints = [];
  child.stderr.on('data', (text) => complaints.push(String(text)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const said = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    ended.then((code) => reject(new Error(`the program ended with ${code}: ${complaints.join('')}`)));
  });
  const announced = JSON.parse(said);
  return {
    url: announced.ready,
    token: announced.token,
    platforms: announced.platforms,
    person: (role, lane) => announced.people.find((one) => one.role === role && (!lane || one.lanes.includes(lane))),
    complaints,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const code = await ended;
      clearTimeout(late);
      return code;
    },
  };
}
