// Drives the real executable over real TLS, as a script of a seller would. Only Node's own modules.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const exe = process.env.PRODUCTFLOW ?? new URL('../../build/release/productflow', import.meta.url).pathname;
export const sharedData = new URL('../../../shared/data', import.meta.url).pathname;
const kStartSeconds = 30;

export function tempFolder() {
  return mkdtempSync(join(tmpdir(), 'productflow-app-'));
}
export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
}

// faketime names its semaphore after its process and leaves it behind when it is killed; a later one that is given the
// number again refuses to start. Those of processes that are no more are removed.
function sweepAfterFaketime() {
  for (const name of readdirSync('/dev/shm')) {
    const of = /^(?:sem\.)?faketime_(?:sem|shm)_(\d+)$/.exec(name);
    if (of && !existsSync(`/proc/${of[1]}`)) rmSync(join('/dev/shm', name), { force: true });
  }
}

// Runs a command to its end: { code, out, err }.
export function run(args, { input = '', prefix = [] } = {}) {
  const [command, ...rest] = [...prefix, exe, ...args];
  try {
    const out = execFileSync(command, rest, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
    return { code: 0, out, err: '' };
  } catch (failure) {
    return { code: failure.status, out: failure.stdout ?? '', err: failure.stderr ?? '' };
  }
}

// What stopped_shop.cpp does to the files of a shop that does not run, and prints.
export const stoppedShop = (what, data) => execFileSync(process.env.STOPPED_SHOP ?? new URL('../../build/release/tests/app/stopped_shop', import.meta.url).pathname, [what, data], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();

export const owner = { email: 'owner@example.com', password: 'quiet-harbour-lantern-42' };

// A data folder with an owner and a token that may do everything.
export function newShop() {
  const data = join(tempFolder(), 'shop');
  const made = run(['init', '--data', data, '--owner', owner.email, '--password-stdin'], { input: owner.password + '\n' });
  if (made.code !== 0) throw new Error(`init failed: ${made.err}`);
  const token = run(['token', 'new', '--data', data, '--name', 'test', '--scope', 'all']);
  if (token.code !== 0) throw new Error(`token new failed: ${token.err}`);
  return { data, token: token.out.trim() };
}

export class Appliance {
  // `prefix` is a command that runs the executable in another world, such as one where a month has passed.
  static async start(data, { command = 'serve', prefix = [], token = '', env = {} } = {}) {
    const appliance = new Appliance();
    appliance.data = data;
    appliance.token = token;
    if (prefix.includes('faketime')) sweepAfterFaketime();
    const [program, ...args] = [...prefix, exe, command, '--data', data, '--listen', '127.0.0.1:0'];
    appliance.process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, detached: true });
    appliance.out = '';
    appliance.err = '';
    appliance.ended = new Promise((done) => appliance.process.on('close', (code, signal) => done({ code, signal })));  // all of the group have ended
    appliance.process.stderr.on('data', (text) => (appliance.err += text));
    await new Promise((ready, fail) => {
      const limit = setTimeout(() => fail(new Error(`not ready after ${kStartSeconds} s: ${appliance.out} ${appliance.err}`)), kStartSeconds * 1000);
      appliance.process.stdout.on('data', (text) => {
        appliance.out += text;
        const line = /ready (https:\/\/\S+)/.exec(appliance.out);
        if (line) {
          clearTimeout(limit);
          appliance.url = new URL(line[1]);
          ready();
        }
      });
      appliance.ended.then(({ code, signal }) => {
        clearTimeout(limit);
        fail(new Error(`ended with ${code ?? signal} before it was ready: ${appliance.err}`));
      });
    });
    appliance.ca = readFileSync(join(data, 'tls', 'ca.pem'));
    appliance.agent = new https.Agent({ keepAlive: true, ca: appliance.ca, maxSockets: 128 });
    return appliance;
  }

  // One request: { status, headers, bytes, text, json }. `body` may be a value (sent as JSON), a string or a Buffer.
  request(method, path, { body, headers = {}, token = this.token } = {}) {
    const sent = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const all = { accept: 'application/json', ...headers };
    if (token) all.authorization = `Bearer ${token}`;
    if (sent !== undefined && !Object.keys(all).some((name) => name.toLowerCase() === 'content-type')) all['content-type'] = 'application/json';
    if (sent !== undefined) all['content-length'] = Buffer.byteLength(sent);
    return new Promise((done, fail) => {
      const request = https.request(
        { host: this.url.hostname, port: this.url.port, method, path, headers: all, agent: this.agent },
        (response) => {
          const pieces = [];
          response.on('data', (piece) => pieces.push(piece));
          response.on('end', () => {
            const bytes = Buffer.concat(pieces);
            const text = bytes.toString('utf8');
            let json;
            try { json = JSON.parse(text); } catch { json = undefined; }
            done({ status: response.statusCode, headers: response.headers, bytes, text, json });
          });
          response.on('error', fail);
        });
      request.on('error', fail);
      request.end(sent);
    });
  }
  get(path, options) { return this.request('GET', path, options); }
  post(path, body, options) { return this.request('POST', path, { body, ...options }); }

  // Uploads a file as an import; answers what was answered.
  async beginImport(name, content, fields = {}) {
    const boundary = 'productflow-test-boundary';
    const parts = Object.entries(fields).map(([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`);
    const body = Buffer.concat([
      Buffer.from(`${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
      Buffer.from(content), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    return this.post('/api/v1/import', body, { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } });
  }
  // And waits for its end; answers the import's data.
  async importFile(name, content, fields = {}) {
    const accepted = await this.beginImport(name, content, fields);
    if (accepted.status !== 202) return { refused: accepted };
    for (;;) {
      const state = await this.get(`/api/v1/import/${accepted.json.data.id}`);
      if (!['queued', 'running'].includes(state.json.data.status)) return state.json.data;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  // To the whole group: in another world the executable is a child of what made that world.
  signal(name) {
    this.agent?.destroy();
    try { process.kill(-this.process.pid, name); } catch { /* has ended already */ }
    return this.ended;
  }
  kill() { return this.signal('SIGKILL'); }
  stop() { return this.signal('SIGTERM'); }
}

// Every regular file below a folder. A running appliance may have removed one of them a moment later.
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
// The files that hold any of the byte strings, as they are, in hexadecimal or in base64. Where a file goes while the
// folder is read, what it held may have moved to one that is not in the list: then all are read again.
export function filesHolding(folder, needles) {
  const all = needles.flatMap((needle) => {
    const bytes = Buffer.from(needle);
    return [bytes, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('hex').toUpperCase()),
            Buffer.from(bytes.toString('base64').replace(/=+$/, ''))];
  });
  for (let rounds = 100; ; rounds--) {
    try {
      return filesBelow(folder).filter((file) => {
        const content = readFileSync(file);
        return all.some((needle) => content.includes(needle));
      });
    } catch (failure) {
      if (failure.code !== 'ENOENT' || rounds === 0) throw failure;
    }
  }
}

export function anOrder(number, changes = {}) {
  return {
    channel: 'manual', channel_order_id: number, currency_code: 'EUR', email: 'zyx.quillon@example.com', phone_number: '+31 97 0000 0123',
    comment: 'Ring twice at the Vexillology gate', shipping_cost: 4.95,
    lines: [{ sku: 'LAST-1', title: 'The last pieces', quantity: 1, price: 19.95 }],
    shipping_customer: { first_name: 'Zyxander', last_name: 'Quillonbury', street_name: 'Vexillologylaan', house_number: '77',
                         zip_code: '9876 ZX', city: 'Quillonstad', country_code: 'NL' },
    ...changes,
  };
}
export const buyerWords = ['Zyxander', 'Quillonbury', 'Vexillology', 'zyx.quillon@example.com', 'Quillonstad', '9876 ZX', '0000 0123'];
