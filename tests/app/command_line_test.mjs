// Every command of the one executable: its help, its exit codes, and that it works beside a running server and without.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Appliance, newShop, owner, removeFolder, run, tempFolder } from './appliance.mjs';

const shop = newShop(), files = tempFolder();
test.after(() => {
  removeFolder(shop.data);
  removeFolder(files);
});
const write = (name, text) => { writeFileSync(join(files, name), text); return join(files, name); };

// The names below "Subcommands:" of a help text.
const subcommandsOf = (help) => [...(help.split('Subcommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}(\S+)/gm)].map((line) => line[1]);
function leaves(path = []) {
  const { code, out, err } = run([...path, '--help']);
  assert.equal(code, 0, `${path.join(' ')}: ${err}`);
  assert.match(out, /^\S.*\nUsage: productflow/, `${path.join(' ')} says what it is for`);
  const below = subcommandsOf(out);
  if (below.length > 0) return below.flatMap((name) => leaves([...path, name]));
  assert.match(out, new RegExp(`Example:\\n +productflow ${path.join(' ')}`), `${path.join(' ')} shows an example`);
  return [path];
}
const all = leaves();

// How each command is run in a finished shop; null: elsewhere in this file, or it does not end by itself.
const calls = {
  serve: null, demo: null, init: null, 'token remove': null, 'token rotate': null, 'client new': null, 'user invite': null, 'user reset': null, 'user role': null, 'user stop': null, 'user wake': null,
  'user remove': null,  // people_test
  import: null, completion: null, certificate: null, doctor: null,
  'token new': ['--name', 'till', '--scope', 'orders.read'], 'token list': [], 'user list': [], 'user roles': [], 'user review': [], purge: ['--dry-run'], 'vault status': [], 'audit verify': [],
  'vault certificates': ['--verify'], 'vault find': ['--email', 'nobody@example.com'], 'vault export': ['--email', 'nobody@example.com', '--reason', 'check'],
  'vault erase': ['--email', 'nobody@example.com', '--reason', 'check'], 'vault prove': ['Nobody Atallhere'],
  'vault key': ['--beside'], 'vault shares': [], 'vault retention': ['--channel', 'amazon', '--days', '14'],
  'vault seal': null, 'vault unseal': null,  // sealed_test
  'vault confirm-clock': null, backup: null, 'backup-key': null, verify: null, restore: null,  // clock_test, backup_test
  'sshd-config': null, shell: null,  // below
  'index rebuild': [],
  'webhook new': null, 'webhook list': [], 'webhook hosts': [], 'webhook log': null, 'webhook test': null, 'webhook secret': null, 'webhook on': null, 'webhook off': null, 'webhook remove': null, 'webhook replay': null,  // webhooks_test
  'order list': ['--status', 'open'], 'order show': null, 'order accept': null, 'order ship': null, 'order cancel': null, 'order hold': null, 'order release': null, 'order note': null, 'order invoice': null,  // below
  'reports recount': [], 'webhook allow': ['hooks.example.com'], 'webhook forbid': null,
  'audit list': ['--count', '3'], 'audit retention': ['--days', '400'], 'audit export': [], export: ['--kind', 'product', '--format', 'csv'], openapi: [], version: [],
  'schedule list': [], 'schedule login': null,  // feed_login_test
};
const hasData = (name) => name !== 'version';

test('every command is tried here', () => {
  for (const path of all) assert.ok(path.join(' ') in calls, `${path.join(' ')} is new: say how it is run`);
});

test('wrong usage ends with 2 and says what was wrong', () => {
  for (const path of [[], ...all]) {
    const { code, out, err } = run([...path, '--no-such-option']);
    assert.equal(code, 2, path.join(' '));
    assert.ok(err.length > 0 && out === '', path.join(' '));
  }
  for (const words of [['nonsense'], ['nonsense', '--json'], ['vault', 'nonsense']]) {
    const { code, err } = run(words);
    assert.equal(code, 2);
    assert.match(err, /^"nonsense" is no command of ProductFlow\./);
  }
  assert.equal(run(['help']).out, run(['--help']).out);
  assert.equal(run(['help', 'vault', 'prove']).out, run(['vault', 'prove', '--help']).out);
  assert.equal(run(['purge', '--data', shop.data, '--now', '--dry-run']).code, 2);
  assert.equal(run(['import', '--data', shop.data, '--kind', 'nonsense', 'x.csv']).code, 2);
});

test('a folder without a shop ends with 1 and says so', () => {
  for (const [name, args] of Object.entries(calls))
    if (args && hasData(name)) {
      const { code, err } = run([...name.split(' '), '--data', join(files, 'nothing'), ...args]);
      assert.equal(code, 1, name);
      assert.match(err, /^productflow: \S/, name);
    }
  assert.ok(!existsSync(join(files, 'nothing')), 'nothing was made by asking');
});

function everyCommandAnswers(where) {
  for (const [name, args] of Object.entries(calls)) {
    if (!args) continue;
    const data = hasData(name) ? ['--data', shop.data] : [];
    const { code, out, err } = run([...name.split(' '), ...data, ...args]);
    assert.equal(code, 0, `${name} ${where}: ${err}`);
    assert.ok(out.length > 0, `${name} ${where}`);
    assert.ok(!/\x1b/.test(out + err), `${name}: colours are for terminals`);
    if (name === 'export') continue;  // the file itself is on standard output
    const machine = run([...name.split(' '), ...data, ...args, '--json']);
    assert.equal(machine.code, 0, `${name} --json ${where}: ${machine.err}`);
    for (const line of machine.out.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), `${name} --json ${where}`);
  }
  const made = JSON.parse(run(['token', 'new', '--data', shop.data, '--name', 'gone soon', '--scope', 'all', '--json']).out).data;
  assert.equal(run(['token', 'remove', '--data', shop.data, made.id]).code, 0, where);
  assert.equal(run(['token', 'remove', '--data', shop.data, made.id]).code, 1, 'it is gone');
}
const withServer = async (work) => {
  const appliance = await Appliance.start(shop.data, { token: shop.token });
  try { await work(appliance); } finally { await appliance.stop(); }
};

test('every command works while the server does not run', () => everyCommandAnswers('without a server'));
test('every command works while the server runs', () => withServer(() => everyCommandAnswers('beside the server')));

test('an order goes from arrival to parcel on the command line', () => withServer(async (appliance) => {
  const placed = await appliance.post('/api/v1/order', { channel: 'manual', channel_order_id: 'CLI-1', currency_code: 'EUR', lines: [{ title: 'Free line', quantity: 3, price: 2 }] });
  const id = placed.json.data.id, order = (...args) => run(['order', args[0], '--data', shop.data, ...args.slice(1), '--json']);
  const said = (...args) => { const { code, out, err } = order(...args); assert.equal(code, 0, err); return JSON.parse(out).data; };
  assert.ok(said('list', '--query', 'CLI').some((one) => one.id === id));
  assert.equal(said('show', id).id, id);
  said('accept', id);
  const held = said('hold', id, '--reason', 'address');
  assert.equal(order('ship', id).code, 1, 'it is held');
  said('release', id, String(held.holds[0].id));
  said('note', id, '--message', 'for whoever packs it');
  assert.equal(said('ship', id, '--line', '0:2', '--method', 'DHL', '--track', '3S1').parcels.length, 1);
  assert.equal(said('cancel', id, '--line', '0:1', '--reason', 'asked for').status, 'shipped');
  assert.match(order('ship', id, '--line', 'x').err, /LINE:QUANTITY/);
  assert.equal(order('invoice', id).code, 1, 'nobody has said who sells');
}));

test('init refuses a second owner, and takes the password from standard input', () => {
  const data = join(files, 'second');
  const init = (password) => run(['init', '--data', data, '--owner', owner.email, '--password-stdin', '--json'], { input: password + '\n' });
  assert.equal(init('short').code, 1);
  const made = init(owner.password);
  assert.equal(made.code, 0, made.err);
  assert.equal(JSON.parse(made.out).data.email, owner.email);
  assert.equal(init(owner.password).code, 1);
});

function importsTellTheTruth(prefix) {
  const csv = write(`${prefix}.csv`, `sku,title,ean,price\n${prefix}-1,Good,4006381333931,19.95\n${prefix}-2,Bad,4006381333930,\n,No number,,\n`);
  const tried = run(['import', '--data', shop.data, '--dry-run', '--json', csv]);
  assert.equal(tried.code, 1);
  assert.equal(JSON.parse(tried.out).data.dry_run, true);

  const first = run(['import', '--data', shop.data, csv]);
  assert.equal(first.code, 1, 'two rows were refused');
  assert.match(first.out, /^done: 3 rows, 1 created, 0 changed, 0 unchanged, 2 refused$/m);
  assert.match(first.out, new RegExp(`^line 3, ${prefix}-2: ean .*last digit`, 'm'));
  assert.match(first.out, /^line 4: sku /m);
  assert.equal(first.err, '', 'no progress bar outside a terminal');

  const good = write(`${prefix}-good.csv`, `sku,title\n${prefix}-1,Better\n`);
  const second = run(['import', '--data', shop.data, '--json', '--mode', 'update', '--kind', 'product', good]);
  assert.equal(second.code, 0, second.err);
  assert.deepEqual(JSON.parse(second.out).data.counts, { rows: 1, created: 0, changed: 1, unchanged: 0, refused: 0 });
  assert.deepEqual(JSON.parse(second.out).refused, []);

  // What a file does not show is said: two Greek words are too few to tell by, and no program writes "!" between cells.
  const greek = join(files, `${prefix}-greek.csv`), read = (file, ...said) => run(['import', '--data', shop.data, ...said, file]);
  writeFileSync(greek, Buffer.concat([Buffer.from(`sku!title!brand\n${prefix}-3!`), Buffer.from([0xca, 0xef, 0xfd, 0xf0, 0xe1]), Buffer.from("!'a!b'\n")]));
  assert.match(read(greek, '--encoding', 'iso-8859-7', '--delimiter', '!', '--quote', "'").out, /1 rows, 1 created/);
  const row = run(['export', '--data', shop.data]).out.split('\n').find((line) => line.startsWith(`${prefix}-3,`));
  assert.match(row, /,a!b,.*,Κούπα,/);
  const keys = write(`${prefix}.json`, JSON.stringify({ count: 2, products: { [`${prefix}-4`]: { title: 'Four' }, [`${prefix}-5`]: { title: 'Five' } } }));
  const mapping = write('keys.json', '{"columns": [{"column": "key", "to": "sku"}]}');
  assert.match(read(keys, '--records', '$/products/*', '--mapping', mapping).out, /2 rows, 2 created/);
  for (const [said, why] of [[['--encoding', 'klingon'], /an encoding is one of utf-8/], [['--delimiter', 'komma'], /a delimiter is tab/], [['--quote', '<'], /a quote is "/]])
    assert.match(read(greek, ...said).err, why);
  assert.match(read(keys, '--records', '$/*', '--mapping', write('short.json', '{"key": "sku"}')).err, /an object with columns/);

  const missing = run(['import', '--data', shop.data, join(files, 'not-there.csv')]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /not-there\.csv/);
  const strange = run(['import', '--data', shop.data, write('strange "name".csv', 'colour,size\nred,M\n')]);
  assert.equal(strange.code, 1);
}
test('import prints the counts and the refused rows without a server', () => importsTellTheTruth('OFF'));
test('import prints the counts and the refused rows beside the server', () => withServer(() => importsTellTheTruth('ON')));

test('a larger file is sent piece by piece', () => withServer(() => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `BULK-${i},Row ${i},${'x'.repeat(100)}`);
  const done = run(['import', '--data', shop.data, '--json', write('bulk.csv', `sku,title,brand\n${rows.join('\n')}\n`)]);
  assert.equal(done.code, 0, done.err);
  assert.equal(JSON.parse(done.out).data.counts.created, 5_000);
}));

function exportsAreWhole(where) {
  const out = join(files, `out-${where}.csv`);
  const done = run(['export', '--data', shop.data, '--kind', 'product', '--format', 'csv', '--out', out]);
  assert.equal(done.code, 0, done.err);
  const text = readFileSync(out, 'utf8');
  assert.equal(text, run(['export', '--data', shop.data]).out, 'products as CSV is what it does without being told');
  assert.match(text.split('\n')[0], /sku/);
  assert.match(text, /OFF-1/);
  assert.ok(!existsSync(out + '.part'));
  const lines = run(['export', '--data', shop.data, '--format', 'ndjson']).out.trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.some((product) => product.sku === 'OFF-1' && Object.values(product.texts).some((text) => text.title === 'Better')));
  for (const none of [join(files, 'no', 'folder.csv'), '/dev/null', files])
    assert.equal(run(['export', '--data', shop.data, '--out', none]).code, 1, none);
}
test('export writes the whole file or none without a server', () => exportsAreWhole('off'));
test('export writes the whole file or none beside the server', () => withServer(() => exportsAreWhole('on')));

test('certificate shows what a browser shows', () => withServer((appliance) => {
  const shown = JSON.parse(run(['certificate', '--data', shop.data, '--json']).out).data;
  const parsed = ['ca.pem', 'server.pem'].map((name) => new X509Certificate(readFileSync(join(shop.data, 'tls', name))));
  assert.deepEqual(shown.map((one) => one.sha256), parsed.map((one) => one.fingerprint256));
  assert.deepEqual(shown.map((one) => new Date(one.expires_at).getTime()), parsed.map((one) => new Date(one.validTo).getTime()));
  assert.ok(appliance.url);
  const plain = run(['certificate', '--data', shop.data]);
  assert.equal(plain.code, 0);
  assert.ok(plain.out.includes(parsed[1].fingerprint256));
}));

test('doctor finds nothing wrong with a new shop, and names an open key', () => {
  const doctor = () => {
    const { code, out } = run(['doctor', '--data', shop.data, '--json']);
    return { code, findings: JSON.parse(out).data };
  };
  const well = doctor();
  assert.equal(well.code, 0, JSON.stringify(well.findings));
  for (const { about, health, says, advice } of well.findings) {
    assert.ok(about && says && ['ok', 'warning'].includes(health), about);
    assert.equal(advice === null, health === 'ok', `${about}: advice where something is to be done`);
  }
  for (const about of ['shop', 'secret files', 'disk space', 'key ring', 'clock', 'open files', 'open ports', 'hardening', 'sandbox'])
    assert.ok(well.findings.some((finding) => finding.about === about), about);
  const key = join(shop.data, 'keyring', 'master.key');
  chmodSync(key, 0o644);
  const ill = doctor();
  chmodSync(key, 0o600);
  assert.equal(ill.code, 1);
  assert.match(ill.findings.find((finding) => finding.health === 'fault').says, /master\.key/);
  assert.equal(run(['doctor', '--data', join(files, 'nothing')]).code, 1);
  assert.match(run(['doctor', '--data', shop.data]).out, /^\d+ checks: \d+ ok, \d+ warnings, 0 faults$/m);
});
test('doctor looks at the running server', () => withServer(() => {
  const { findings } = { findings: JSON.parse(run(['doctor', '--data', shop.data, '--json']).out).data };
  assert.match(findings.find((finding) => finding.about === 'shop').says, /runs \(process \d+\)/);
  assert.equal(findings.find((finding) => finding.about === 'privileges').health, 'ok');
  assert.equal(findings.find((finding) => finding.about === "server's certificate").health, 'ok');
}));

test('who comes in by SSH finds the commands and nothing else', () => {
  const ask = (command) => run(['shell', '--data', shop.data], { prefix: ['env', `SSH_ORIGINAL_COMMAND=${command}`] });
  assert.match(ask('productflow vault status').out, /sealed/);
  assert.match(ask('user list --json').out, /owner@example\.com/);
  assert.match(ask('version').out, /^ProductFlow /);
  for (const more of ['sh', '/bin/sh -c id', 'vault status; id', 'import /etc/passwd', 'backup --to /tmp/x', 'vault key --key-file /tmp/x', 'shell', 'serve',
    'user list --data /tmp', 'user list --data=/tmp', 'user "list', '']) {
    const { code, out } = ask(more);
    assert.notEqual(code, 0, more);
    assert.doesNotMatch(out, /uid=|root:/, more);
  }
  const typed = run(['shell', '--data', shop.data], { input: 'version\nls\nuser list\nexit\nversion\n' });
  assert.equal(typed.out.match(/^productflow> ProductFlow /gm).length, 1);
  assert.match(typed.out, /owner@example\.com/);
  const { out } = run(['sshd-config', '--data', shop.data, '--user', 'shop']);
  assert.match(out, /^Match User shop$/m);
  assert.match(out, new RegExp(`^ +ForceCommand /\\S+productflow shell --data ${shop.data}$`, 'm'));
  assert.doesNotMatch(out, /ChrootDirectory/);
  const jailed = run(['sshd-config', '--data', shop.data, '--jail', '/srv/shop/']).out;
  assert.match(jailed, /^ +ChrootDirectory \/srv\/shop$/m);
  assert.ok(jailed.includes(`mount --bind ${shop.data} /srv/shop${shop.data}\n`), jailed);
  for (const jail of ['srv', '/', '/srv/my shop']) assert.equal(run(['sshd-config', '--data', shop.data, '--jail', jail]).code, 1, jail);
});

test('the shells complete commands and options', () => {
  const script = write('completion.bash', run(['completion', 'bash']).out);
  const complete = (...words) => execFileSync('bash', ['-c',
    `source ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _productflow; printf '%s\\n' "\${COMPREPLY[@]}"`],
    { encoding: 'utf8' }).trim().split('\n');
  assert.deepEqual(complete('productflow', 'tok'), ['token']);
  assert.deepEqual(complete('productflow', 'token', 'n'), ['new']);
  assert.deepEqual(complete('productflow', 'token', 'new', '--data', 'somewhere', '--s'), ['--scope']);
  for (const shell of ['zsh', 'fish']) assert.match(run(['completion', shell]).out, /token/);
  assert.equal(run(['completion', 'tcsh']).code, 2);
});
