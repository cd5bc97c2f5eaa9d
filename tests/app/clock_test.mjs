// The whole appliance while its clock is moved: within a boot, across one, back and forward.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Appliance, anOrder, newShop, removeFolder, run, tempFolder } from './appliance.mjs';

const kFake = ['env', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'faketime', '-f'];
const bootIds = tempFolder();
const wall = (days) => [...kFake, `${days >= 0 ? '+' : ''}${days}d`];  // the machine did not age
// The machine was off meanwhile: another boot has another id.
function afterABoot(days, id) {
  const file = join(bootIds, `boot-${id}`);
  writeFileSync(file, `00000000-0000-4000-8000-${String(id).padStart(12, '0')}\n`);
  return ['unshare', '-m', '--fork', 'sh', '-c', `mount --bind "${file}" /proc/sys/kernel/random/boot_id && exec ${wall(days).join(' ')} "$@"`, 'sh'];
}
function works(prefix) {
  try { execFileSync(prefix[0], [...prefix.slice(1), 'true'], { stdio: 'ignore' }); return true; } catch { return false; }
}
const skip = works(afterABoot(1, 1)) ? false : 'needs root, mount namespaces and faketime';

async function withBuyer(story) {
  const shop = newShop();
  try {
    const today = await Appliance.start(shop.data, { token: shop.token });
    const placed = await today.post('/api/v1/order', anOrder('C-1'));
    assert.equal(placed.status, 201, placed.text);
    await today.stop();
    const id = placed.json.data.id;
    // What a caller meets under a clock: the status of a reveal, the alarm's first word, the order page's.
    const under = async (prefix, then = async () => {}) => {
      const appliance = await Appliance.start(shop.data, { token: shop.token, prefix });
      try {
        const reveal = await appliance.get(`/api/v1/order/${id}/customer?reason=check`);
        const order = await appliance.get(`/api/v1/order/${id}`);
        assert.equal(order.status, 200, order.text);
        const vault = (await appliance.get('/api/v1/vault')).json.data;
        await then(appliance, reveal);
        return { reveal: reveal.status, alarm: vault.clock_alarm.split(':')[0], buyer: order.json.data.buyer };
      } finally {
        await appliance.stop();
      }
    };
    await story(under, shop, id);
  } finally {
    removeFolder(shop.data);
  }
}

test('set back, everybody who lives is shown, new orders are taken, and the alarm says so', { skip }, () => withBuyer(async (under) => {
  const back = await under(wall(-20), async (appliance) => {
    const next = await appliance.post('/api/v1/order', anOrder('C-2', { placed_at: undefined }));
    assert.equal(next.status, 201, next.text);
    const shown = await appliance.get(`/api/v1/order/${next.json.data.id}/customer?reason=check`);
    assert.equal(shown.status, 200, shown.text);
  });
  assert.equal(back.reveal, 200);
  assert.equal(back.alarm, 'set_back');
  assert.equal((await under([])).alarm, '');
}));

test('set forward within a boot, buyers are locked; right again, they are shown; nobody was destroyed', { skip }, () => withBuyer(async (under) => {
  const ahead = await under(wall(31), async (appliance, reveal) => {
    assert.match(reveal.json.detail, /clock/);
    assert.equal((await appliance.post('/api/v1/vault/purge', { dry_run: false })).status, 200);
  });
  assert.equal(ahead.reveal, 503);
  assert.equal(ahead.alarm, 'set_forward');
  assert.match(ahead.buyer.locked, /clock/);
  const right = await under([]);
  assert.deepEqual([right.reveal, right.alarm], [200, '']);
}));

test('set forward and confirmed by its owner, the clock is believed at once, and for good', { skip }, () => withBuyer(async (under, shop, id) => {
  await under(wall(31), async (appliance) => {
    const unclear = await appliance.post('/api/v1/vault/clock', { confirm: false });
    assert.equal(unclear.status, 422, unclear.text);
    const done = run(['vault', 'confirm-clock', '--data', shop.data]);  // through the running server
    assert.equal(done.code, 0, done.err);
    assert.equal((await appliance.get(`/api/v1/order/${id}/customer?reason=check`)).status, 410);
    assert.equal((await appliance.post('/api/v1/vault/clock', { confirm: true })).status, 409);
    const log = await appliance.get('/api/v1/audit?per_page=20');
    assert.ok(log.json.data.some((entry) => entry.action === 'vault.clock_confirmed'));
  });
  assert.equal((await under([])).reveal, 410);
}));

test('a machine that was off for 40 days is believed: its buyers are gone', { skip }, () => withBuyer(async (under) => {
  const later = await under(afterABoot(40, 2));
  assert.deepEqual([later.reveal, later.alarm], [410, '']);
  assert.equal((await under([])).reveal, 410);
}));

test('a jump of 60 days at a boot is asked about: locked, and shown again when the clock is right', { skip }, () => withBuyer(async (under) => {
  const far = await under(afterABoot(60, 3));
  assert.deepEqual([far.reveal, far.alarm], [503, 'set_forward']);
  const right = await under(afterABoot(0, 4));
  assert.deepEqual([right.reveal, right.alarm], [200, '']);
}));
