// Feeds whose server asks who we are, against real servers over TLS: the password goes to one of them alone, and lies
// nowhere that it can be read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Appliance, filesHolding, newShop, removeFolder, run, tempFolder } from './appliance.mjs';

const kUser = 'shop-42', kPassword = 'corridor zebra quantum 9';
const basic = (user, password) => 'Basic ' + Buffer.from(`${user}:${password}`).toString('base64');

// A supplier's server: lets in whom `login` says, and sends on what `moved` names.
class Supplier {
  static async start(data) {
    const supplier = new Supplier();
    Object.assign(supplier, { login: '', moved: {}, asked: [], served: 'sku,title\nPRICED-1,Priced\n' });
    supplier.server = https.createServer({ cert: readFileSync(join(data, 'tls', 'server.pem')), key: readFileSync(join(data, 'tls', 'server.key')) }, (request, response) => {
      supplier.asked.push({ url: request.url, authorization: request.headers.authorization ?? null });
      if (supplier.moved[request.url]) return response.writeHead(302, { location: supplier.moved[request.url] }).end();
      if (supplier.login && request.headers.authorization !== supplier.login) return response.writeHead(401, { 'www-authenticate': 'Basic realm="prices"' }).end('who are you?');
      response.writeHead(200, { 'content-type': 'text/csv' }).end(supplier.served);
    });
    await new Promise((done) => supplier.server.listen(0, '127.0.0.1', done));
    supplier.host = `127.0.0.1:${supplier.server.address().port}`;
    return supplier;
  }
  at(path) { return `https://${this.host}${path}`; }
  seen() { return this.asked.splice(0).map((one) => one.authorization); }
  stop() {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
}

let made, shop, supplier, other;
const told = [];  // everything that was answered
const ask = async (method, path, options) => {
  const answer = await shop.request(method, path, options);
  told.push(`${method} ${path} ${answer.text}`);
  return answer;
};
const change = (id, body) => ask('PATCH', `/api/v1/schedule/${id}`, { body });
const runsOf = async (id) => (await ask('GET', `/api/v1/schedule/${id}/run`)).json.data;
async function ran(id) {
  const before = (await runsOf(id)).length;
  assert.equal((await ask('POST', `/api/v1/schedule/${id}/run`)).status, 200);
  for (;;) {
    const runs = await runsOf(id);
    if (runs.length > before) return runs[0];
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
async function schedule(body) {
  const answer = await ask('POST', '/api/v1/schedule', { body: { name: 'Price list', task: 'import_url', every_minutes: 1440, ...body } });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.data;
}

before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  supplier = await Supplier.start(made.data);
  other = await Supplier.start(made.data);
  for (const { host } of [supplier, other])
    assert.equal((await ask('PUT', `/api/v1/webhook-host/${host}`, { body: { private_network: true, authority: shop.ca.toString() } })).status, 200);
  supplier.login = other.login = basic(kUser, kPassword);
});
after(async () => {
  await shop?.stop();
  await supplier?.stop();
  await other?.stop();
  removeFolder(made.data);
});

test('a price list behind a user and a password is fetched, and says what to do until both are right', async () => {
  const one = await schedule({ url: supplier.at('/list.csv') });
  assert.deepEqual([one.username, one.has_password, 'password' in one], ['', false, false]);
  assert.equal((await ran(one.id)).message, 'The server wants a user name and a password (401). Enter them in the schedule, as whoever runs the server gave them.');
  assert.deepEqual(supplier.seen(), [null]);

  const wrong = (await change(one.id, { username: kUser, password: 'corridor zebra quantum 8' })).json.data;
  assert.deepEqual([wrong.username, wrong.has_password, 'password' in wrong], [kUser, true, false]);
  assert.equal((await ran(one.id)).message, 'The server refuses the user name or the password (401). Enter both anew in the schedule, as whoever runs the server gave them.');
  assert.equal((await change(one.id, { password: kPassword })).json.data.username, kUser);
  supplier.seen();
  const run = await ran(one.id);
  assert.deepEqual([run.status, run.message], ['done', '1 row: 1 created, 0 changed, 0 unchanged, 0 refused']);
  assert.deepEqual(supplier.seen(), [basic(kUser, kPassword)]);

  // What is not sent stays; null and an empty text remove it.
  assert.equal((await change(one.id, { name: 'Prices', every_minutes: 60 })).json.data.has_password, true);
  assert.equal((await ran(one.id)).status, 'done');
  for (const none of [null, '']) {
    assert.equal((await change(one.id, { password: none })).json.data.has_password, false);
    assert.match((await ran(one.id)).message, /refuses the user name or the password \(401\)/);
    assert.equal(supplier.seen().at(-1), basic(kUser, ''));
    await change(one.id, { password: kPassword });
  }
  assert.equal((await ask('DELETE', `/api/v1/schedule/${one.id}`)).status, 204);
});

test('a password that is kept is not sent to another host by changing the address', async () => {
  const one = await schedule({ url: supplier.at('/list.csv'), username: kUser, password: kPassword });
  supplier.seen();
  const refused = await change(one.id, { url: other.at('/list.csv') });
  assert.deepEqual([refused.status, refused.json.errors.map((fault) => fault.field)], [422, ['password']], refused.text);
  assert.match(refused.json.errors[0].message, new RegExp(`^The password that is kept is for ${supplier.host} and goes nowhere else\\.`));
  await ran(one.id);
  assert.deepEqual([supplier.seen(), other.seen()], [[basic(kUser, kPassword)], []]);
  // Another path there is the same server.
  assert.equal((await change(one.id, { url: supplier.at('/other.csv') })).status, 200);
  // Without it, or with it sent again, it may move; the one before is gone then.
  assert.equal((await change(one.id, { url: other.at('/list.csv'), password: 'for the other' })).status, 200);
  await ran(one.id);
  assert.deepEqual([supplier.seen(), other.seen()], [[], [basic(kUser, 'for the other')]]);
  assert.equal((await change(one.id, { url: supplier.at('/list.csv'), username: '', password: null })).status, 200);
  await ran(one.id);
  assert.deepEqual([supplier.seen(), other.seen()], [[null], []]);
  // As another task it is forgotten, and does not come back.
  await change(one.id, { username: kUser, password: kPassword });
  assert.equal((await change(one.id, { task: 'import_folder' })).json.data.has_password, false);
  const again = (await change(one.id, { task: 'import_url' })).json.data;
  assert.deepEqual([again.username, again.has_password], ['', false]);
  const elsewhere = await ask('POST', '/api/v1/schedule', { body: { name: 'x', task: 'import_folder', every_minutes: 60, password: 'x' } });
  assert.deepEqual([elsewhere.status, elsewhere.json.errors[0].field], [422, 'password']);
  await ask('DELETE', `/api/v1/schedule/${one.id}`);
});

test('a redirect takes the password along on the same server alone, and never back to it', async () => {
  const one = await schedule({ url: supplier.at('/start'), username: kUser, password: kPassword });
  supplier.moved = { '/start': '/there' };
  supplier.seen();
  assert.equal((await ran(one.id)).status, 'done');
  assert.deepEqual(supplier.seen(), [basic(kUser, kPassword), basic(kUser, kPassword)]);
  supplier.moved = { '/start': other.at('/taken') };
  const taken = await ran(one.id);
  assert.equal(taken.message, `The server sends us on to ${other.host}, which wants a user name and a password (401). Those of a schedule go to the server of its own address alone. Give the schedule the address there.`);
  assert.deepEqual([supplier.seen(), other.seen()], [[basic(kUser, kPassword)], [null]]);
  other.login = '';
  other.moved = { '/taken': supplier.at('/private') };
  assert.equal((await ran(one.id)).status, 'failed');
  assert.deepEqual([supplier.seen(), other.seen()], [[basic(kUser, kPassword), null], [null]]);
  // A redirect that brings a user and a password of its own is not followed at all.
  supplier.moved = { '/start': `https://me:hunter2@${supplier.host}/there` };
  const brought = await ran(one.id);
  assert.match(brought.message, /hold no user and password/);
  assert.doesNotMatch(brought.message, /hunter2/);
  supplier.moved = other.moved = {};
  other.login = basic(kUser, kPassword);
  await ask('DELETE', `/api/v1/schedule/${one.id}`);
});

test('an address that holds both is refused with where they belong, and so is what no server can be told', async () => {
  const make = (body) => ask('POST', '/api/v1/schedule', { body: { name: 'x', task: 'import_url', every_minutes: 60, url: supplier.at('/list.csv'), ...body } });
  const both = await make({ url: `https://me:hunter2@${supplier.host}/list.csv` });
  assert.deepEqual([both.status, both.json.errors[0].field], [422, 'url']);
  assert.match(both.json.errors[0].message, /Give them apart, as username and password/);
  assert.doesNotMatch(both.text, /hunter2/);
  const bad = await make({ username: 'a:b', password: 'x\r\nx-evil: 1' });
  assert.deepEqual([bad.status, bad.json.errors.map((fault) => fault.field)], [422, ['username', 'password']]);
  assert.doesNotMatch(bad.text, /x-evil/);
  assert.equal((await make({ url: `http://${supplier.host}/list.csv`, username: kUser, password: kPassword })).status, 422, 'nothing goes in the clear');
});

test('the command line takes the password from standard input', async () => {
  const one = await schedule({ name: 'By command', url: supplier.at('/list.csv') });
  assert.match(run(['schedule', 'list', '--data', made.data]).out, /By command/);
  const login = (args, input) => run(['schedule', 'login', '--data', made.data, one.id, ...args], { input });
  const done = login(['--username', kUser, '--password-stdin'], kPassword + '\n');
  assert.equal(done.code, 0, done.err);
  told.push(done.out, done.err);
  assert.match(done.out, /has_password: true/);
  assert.equal((await ran(one.id)).status, 'done');
  const none = login(['--password-stdin'], '');
  assert.deepEqual([none.code, /say --no-password/.test(none.err)], [1, true], none.err);
  assert.match(login(['--no-password'], '').out, /has_password: false/);
  assert.equal(login(['--password-stdin', '--no-password'], 'x\n').code, 2);
});

test('a password is in no answer, log or file, outlives a restart, and goes with a backup that is sealed', async () => {
  const one = await schedule({ name: 'Kept', url: supplier.at('/list.csv'), username: kUser, password: kPassword });
  assert.equal((await ask('POST', '/api/v1/schedule', { headers: { 'idempotency-key': 'once' }, body: { name: 'Twice', task: 'import_url', every_minutes: 60, url: supplier.at('/twice'), username: kUser, password: kPassword } })).status, 201);
  assert.equal((await ran(one.id)).status, 'done');
  for (const path of ['/api/v1/schedule', `/api/v1/schedule/${one.id}`, '/api/v1/audit?per_page=200', '/api/v1/import', '/metrics']) assert.equal((await ask('GET', path)).status, 200, path);
  const log = (await ask('GET', '/api/v1/audit?per_page=200')).json.data;
  assert.ok(log.some((entry) => entry.action === 'schedule.create' && JSON.stringify(entry).includes('"password":"given"')), JSON.stringify(log[0]));
  assert.ok(log.some((entry) => entry.action === 'schedule.change' && JSON.stringify(entry).includes('"password":"removed"')));

  const safe = tempFolder();
  try {
    const key = join(safe, 'backup.key'), file = join(safe, 'shop.backup'), copy = join(safe, 'restored');
    const pair = run(['backup-key', '--out', key]);
    assert.equal(pair.code, 0, pair.err);
    const backed = run(['backup', '--data', made.data, '--key', /pf-backup-1:\S+/.exec(pair.out)[0], '--to', file]);
    assert.equal(backed.code, 0, backed.err);
    assert.equal(run(['restore', file, '--key-file', key, '--data', copy]).code, 0);
    const log = shop.out + shop.err;
    await shop.stop();
    const secrets = [kPassword, `${kUser}:${kPassword}`, basic(kUser, kPassword)];
    for (const secret of secrets) assert.ok(!(told.join('\n') + log).includes(secret), secret);
    assert.deepEqual([made.data, copy, safe].flatMap((folder) => filesHolding(folder, secrets)), []);
    assert.notDeepEqual(filesHolding(made.data, [kUser]), [], 'a user name is found, so a password would be');
    // In the shop that was restored it opens as in the one that was started again.
    for (const data of [copy, made.data]) {
      shop = await Appliance.start(data, { token: made.token });
      supplier.seen();
      assert.equal((await ran(one.id)).status, 'done', data);
      assert.deepEqual(supplier.seen(), [basic(kUser, kPassword)]);
      if (data === copy) await shop.stop();
    }
  } finally {
    removeFolder(safe);
  }
});
