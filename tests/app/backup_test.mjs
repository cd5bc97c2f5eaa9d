// Backups of the running shop: whole, for the owner's key only, and without memory of whom the shop has forgotten.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Appliance, anOrder, buyerWords, filesHolding, newShop, removeFolder, run, tempFolder } from './appliance.mjs';

const kMonth = 31 * 24 * 3600;
const kMonthLater = ['unshare', '-T', '--boottime', String(kMonth), '--monotonic', String(kMonth), '--fork',
                     'env', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'faketime', '-f', '+31d'];
function works(prefix) {
  try { execFileSync(prefix[0], [...prefix.slice(1), 'true'], { stdio: 'ignore' }); return true; } catch { return false; }
}

async function shopWithBackup() {
  const shop = newShop(), safe = tempFolder();
  const made = run(['backup-key', '--out', join(safe, 'backup.key')]);
  assert.equal(made.code, 0, made.err);
  const key = made.out.trim();
  const appliance = await Appliance.start(shop.data, { token: shop.token });
  assert.equal((await appliance.post('/api/v1/product/KEPT-1', { title: 'Kept' })).status, 201);
  const placed = await appliance.post('/api/v1/order', anOrder('B-1'));
  assert.equal(placed.status, 201, placed.text);
  const files = { key: join(safe, 'backup.key'), backup: join(safe, 'shop.pfbackup'), escrow: join(safe, 'ring.escrow') };
  const backed = run(['backup', '--data', shop.data, '--key', key, '--to', files.backup, '--escrow', files.escrow]);
  assert.equal(backed.code, 0, backed.err);
  return { ...shop, safe, key, files, appliance, id: placed.json.data.id };
}
function restore(shop, { escrow, into = 'restored' } = {}) {
  const data = join(shop.safe, into);
  const done = run(['restore', shop.files.backup, '--key-file', shop.files.key, '--data', data, ...(escrow ? ['--escrow', escrow] : [])]);
  assert.equal(done.code, 0, done.err);
  return data;
}

test('a backup made while serving brings back everything; with the escrow of today nobody is lost', async () => {
  const shop = await shopWithBackup();
  try {
    assert.deepEqual(filesHolding(shop.safe, buyerWords), []);
    const checked = run(['verify', shop.files.backup, '--key-file', shop.files.key, '--json']);
    assert.equal(checked.code, 0, checked.err);
    assert.ok(JSON.parse(checked.out).data.files > 5);
    await shop.appliance.stop();
    const data = restore(shop, { escrow: shop.files.escrow });
    const restored = await Appliance.start(data, { token: shop.token });
    assert.equal((await restored.get('/api/v1/product/KEPT-1')).status, 200);
    const buyer = await restored.get(`/api/v1/order/${shop.id}/customer?reason=check`);
    assert.equal(buyer.status, 200, buyer.text);
    assert.match(buyer.text, /Quillonbury/);
    await restored.stop();
  } finally {
    await shop.appliance.stop();
    removeFolder(shop.data);
    removeFolder(shop.safe);
  }
});

test('without the escrow the shop is whole but for its buyers, and says so', async () => {
  const shop = await shopWithBackup();
  try {
    await shop.appliance.stop();
    const restored = await Appliance.start(restore(shop), { token: shop.token });
    assert.equal((await restored.get('/api/v1/product/KEPT-1')).status, 200);
    assert.equal((await restored.get(`/api/v1/order/${shop.id}`)).status, 200);
    assert.equal((await restored.get(`/api/v1/order/${shop.id}/customer?reason=check`)).status, 410);
    const log = await restored.get('/api/v1/audit?per_page=50');
    assert.ok(log.json.data.some((entry) => entry.action === 'vault.ring_lost'));
    const next = await restored.post('/api/v1/order', anOrder('B-2'));
    assert.equal((await restored.get(`/api/v1/order/${next.json.data.id}/customer?reason=check`)).status, 200);
    await restored.stop();
  } finally {
    await shop.appliance.stop();
    removeFolder(shop.data);
    removeFolder(shop.safe);
  }
});

test('a backup of day 0, restored on day 31 with the escrow of that day, shows nobody', { skip: works(kMonthLater) ? false : 'needs root, time namespaces and faketime' }, async () => {
  const shop = await shopWithBackup();
  try {
    await shop.appliance.stop();
    const size = statSync(shop.files.escrow).size;
    const later = await Appliance.start(shop.data, { token: shop.token, prefix: kMonthLater });
    assert.equal((await later.post('/api/v1/vault/purge', { dry_run: false })).status, 200);
    const escrowed = run(['backup', '--data', shop.data, '--key', shop.key, '--escrow', shop.files.escrow]);
    assert.equal(escrowed.code, 0, escrowed.err);
    assert.equal(statSync(shop.files.escrow).size, size, 'rewritten in place');
    await later.stop();
    const data = restore(shop, { escrow: shop.files.escrow });
    for (const prefix of [kMonthLater, []]) {  // on day 31, and with the clock turned back to day 0
      const restored = await Appliance.start(data, { token: shop.token, prefix });
      assert.equal((await restored.get('/api/v1/product/KEPT-1')).status, 200);
      assert.equal((await restored.get(`/api/v1/order/${shop.id}/customer?reason=check`)).status, 410);
      await restored.stop();
    }
  } finally {
    await shop.appliance.stop();
    removeFolder(shop.data);
    removeFolder(shop.safe);
  }
});

test('a wrong key, a damaged or cut backup, and a folder that is not empty are refused by name; nothing is left behind', async () => {
  const shop = await shopWithBackup();
  try {
    const dry = run(['restore', shop.files.backup, '--key-file', shop.files.key, '--data', join(shop.safe, 'dry'), '--dry-run']);
    assert.equal(dry.code, 0, dry.err);
    assert.equal(run(['backup-key', '--out', shop.files.key]).code, 1, 'a key file is never overwritten');
    run(['backup-key', '--out', join(shop.safe, 'other.key')]);
    const wrong = run(['verify', shop.files.backup, '--key-file', join(shop.safe, 'other.key')]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /another key/);
    const whole = readFileSync(shop.files.backup), bad = Buffer.from(whole);
    bad[bad.length >> 1] ^= 1;
    for (const [name, bytes, says] of [['bad', bad, /altered/], ['cut', whole.subarray(0, -100), /cut off|altered/], ['none', Buffer.from('x'.repeat(500)), /not a backup/]]) {
      writeFileSync(join(shop.safe, name), bytes);
      const refused = run(['restore', join(shop.safe, name), '--key-file', shop.files.key, '--data', join(shop.safe, 'to-' + name)]);
      assert.equal(refused.code, 1, name);
      assert.match(refused.err, says);
      assert.throws(() => statSync(join(shop.safe, 'to-' + name)), /ENOENT/);
    }
    const full = run(['restore', shop.files.backup, '--key-file', shop.files.key, '--data', shop.data]);
    assert.equal(full.code, 1);
    assert.match(full.err, /not empty/);
    assert.equal(run(['backup', '--data', shop.data, '--key', 'pf-backup-1:short', '--to', join(shop.safe, 'x')]).code, 1);
    assert.throws(() => statSync(join(shop.safe, 'x')), /ENOENT/);
    // Not over the network, whatever the token may do.
    for (const path of ['backup', 'vault/escrow'])
      assert.equal((await shop.appliance.post(`/api/v1/${path}`, { key: shop.key })).status, 403, path);
  } finally {
    await shop.appliance.stop();
    removeFolder(shop.data);
    removeFolder(shop.safe);
  }
});
