// 31 days on, with the clock of the whole process moved: no buyer can be read, no key is left, no sealed byte is on disk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { Appliance, anOrder, buyerWords, filesHolding, newShop, removeFolder, run, stoppedShop } from './appliance.mjs';
import { pdfPages } from './pdf.mjs';

const kMonth = 31 * 24 * 3600;
// The machine was on all month: wall clock, CLOCK_MONOTONIC and CLOCK_BOOTTIME have moved together.
const kMonthLater = ['unshare', '-T', '--boottime', String(kMonth), '--monotonic', String(kMonth), '--fork',
                     'env', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'faketime', '-f', '+31d'];
// Somebody set the clock forward; the machine did not age.
const kClockAttack = ['env', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'faketime', '-f', '+31d'];

function works(prefix) {
  try { execFileSync(prefix[0], [...prefix.slice(1), 'true'], { stdio: 'ignore' }); return true; } catch { return false; }
}
const skip = works(kMonthLater) ? false : 'needs root, time namespaces and faketime';

async function shopWithBuyers() {
  const shop = newShop();
  const appliance = await Appliance.start(shop.data, { token: shop.token });
  const ids = [];
  for (let i = 0; i < 20; ++i) {
    const placed = await appliance.post('/api/v1/order', anOrder(`GONE-${i}`));
    assert.equal(placed.status, 201, placed.text);
    ids.push(placed.json.data.id);
  }
  // One of them is invoiced, and the owner keeps invoices sealed for as long as the law wants.
  const settings = { seller: { name: 'Shop', street: 'Street 1', city: 'Utrecht', country_code: 'NL', vat_number: 'NL001234567B01' }, vat_rate: 21 };
  assert.equal((await appliance.request('PUT', '/api/v1/invoice-settings', { body: settings })).status, 200);
  assert.equal((await appliance.request('PUT', '/api/v1/archive', { body: { enabled: true } })).status, 422, 'only who says that he knows');
  const archive = await appliance.request('PUT', '/api/v1/archive', { body: { enabled: true, understood: true } });
  assert.equal(archive.json?.data.years, 7, archive.text);
  const priced = await appliance.post('/api/v1/order', anOrder('GONE-INVOICED', { total: 24.9, lines: [{ title: 'By hand', quantity: 1, price: 19.95 }] }));
  const invoice = await appliance.post(`/api/v1/order/${priced.json.data.id}/invoice`, {});
  assert.equal(invoice.status, 201, invoice.text);
  const plan = await appliance.post('/api/v1/buyer/erase', { orders: [priced.json.data.id], reason: 'request', dry_run: true });
  assert.deepEqual(plan.json.data.invoices_kept.map((one) => [one.order, one.name, one.until.slice(4)]), [[priced.json.data.id, invoice.json.data.name, '-01-01']], 'what the law keeps is said');
  const shown = await appliance.get(`/api/v1/order/${ids[0]}/customer?reason=fulfilment`);
  assert.equal(shown.status, 200, shown.text);
  assert.match(shown.text, /Quillonbury/);
  await appliance.stop();
  const records = stoppedShop('sealed', shop.data).split('\n');
  assert.ok(records.length >= 20, `${records.length} sealed records were found`);
  // The 32 bytes after version, epoch, time and nonce: ciphertext, which is nowhere else by chance.
  const sealed = records.map((line) => Buffer.from(line, 'hex').subarray(28, 60));
  assert.ok(filesHolding(shop.data, sealed).length > 0, 'the sealed bytes are on disk while they live');
  assert.deepEqual(filesHolding(shop.data, buyerWords), [], 'no word about the buyer is on disk in the clear');
  return { ...shop, ids: [...ids, priced.json.data.id], sealed, invoice: invoice.json.data.name };
}

test('a month later every buyer is gone for good', { skip }, async () => {
  const shop = await shopWithBuyers();
  try {
    const later = await Appliance.start(shop.data, { token: shop.token, prefix: kMonthLater });
    for (const id of shop.ids) {
      const asked = await later.get(`/api/v1/order/${id}/customer?reason=fulfilment`);
      assert.equal(asked.status, 410, asked.text);
      const order = await later.get(`/api/v1/order/${id}`);
      assert.equal(order.status, 200);
      for (const word of buyerWords) assert.ok(!order.text.includes(word));
    }
    // The invoice is whole in the archive, and nowhere else.
    const kept = await later.get(`/api/v1/archive/${shop.invoice}?reason=tax+audit`);
    assert.equal(kept.status, 200, kept.text);
    assert.match(pdfPages(kept.bytes).join(), /Zyxander Quillonbury/);
    assert.equal((await later.get(`/api/v1/archive/${shop.invoice}`)).status, 422, 'not without a reason');
    const looks = await later.get('/api/v1/audit?per_page=50');
    assert.equal(looks.json.data.filter((entry) => entry.action === 'archive.reveal').length, 1);
    const proof = await later.post('/api/v1/vault/prove', { text: 'Quillonbury' });
    assert.equal(proof.json.data.archived, 1, 'what is not looked into is said');
    // Sending the same order again must not bring the buyer back.
    const again = await later.post('/api/v1/order', anOrder('GONE-0', { placed_at: new Date(Date.now()).toISOString() }));
    assert.equal(again.status, 200, again.text);
    assert.equal((await later.get(`/api/v1/order/${shop.ids[0]}/customer?reason=fulfilment`)).status, 410);
    // A label file is made of who lives, and says who is left out.
    const living = (await later.post('/api/v1/order', anOrder('NEW-1', { lines: [{ title: 'By hand', quantity: 1, price: 5 }] }))).json.data.id;
    const asked = `orders=${shop.ids.at(-1)},${shop.ids[0]},${living}`;
    const labels = await later.get(`/api/v1/carrier-file?${asked}`);
    assert.equal(labels.status, 200, labels.text);
    assert.equal(labels.headers['x-refused-orders'], `${shop.ids.at(-1)},${shop.ids[0]}`);
    assert.deepEqual([labels.text.trim().split('\n').length, labels.text.includes('Quillonbury')], [2, true]);
    const check = (await later.get(`/api/v1/carrier-file/check?${asked}`)).json.data;
    assert.deepEqual([check.orders, check.refused.map((one) => one.code)], [1, ['gone', 'not_ready']]);
    assert.equal((await later.get(`/api/v1/carrier-file?orders=${shop.ids.at(-1)}`)).status, 409, 'nobody is left');
    const purged = await later.post('/api/v1/vault/purge', { dry_run: false });
    assert.equal(purged.status, 200, purged.text);
    await later.stop();
    assert.deepEqual(filesHolding(shop.data, shop.sealed), [], 'no sealed byte of that month is on disk');
    assert.deepEqual(filesHolding(shop.data, buyerWords), []);

    // Back in today, with the wall clock a month behind: nothing comes back.
    const back = await Appliance.start(shop.data, { token: shop.token });
    assert.equal((await back.get(`/api/v1/order/${shop.ids[1]}/customer?reason=fulfilment`)).status, 410);
    await back.stop();
    const cli = run(['vault', 'status', '--data', shop.data, '--json']);
    assert.equal(cli.code, 0, cli.err);
  } finally {
    removeFolder(shop.data);
  }
});

test('a clock set forward by somebody destroys nothing', { skip }, async () => {
  const shop = await shopWithBuyers();
  try {
    const attacked = await Appliance.start(shop.data, { token: shop.token, prefix: kClockAttack });
    await attacked.post('/api/v1/vault/purge', { dry_run: false });
    await attacked.stop();
    const honest = await Appliance.start(shop.data, { token: shop.token });
    const shown = await honest.get(`/api/v1/order/${shop.ids[0]}/customer?reason=fulfilment`);
    assert.equal(shown.status, 200, shown.text);
    await honest.stop();
  } finally {
    removeFolder(shop.data);
  }
});

test('killed at random moments while it purges, it never brings a buyer back', { skip }, async () => {
  const shop = await shopWithBuyers();
  try {
    for (let round = 0; round < 8; ++round) {
      const later = await Appliance.start(shop.data, { token: shop.token, prefix: kMonthLater }).catch(() => undefined);
      if (!later) continue;
      later.post('/api/v1/vault/purge', { dry_run: false }).catch(() => undefined);
      await new Promise((wake) => setTimeout(wake, Math.random() * 60));
      await later.kill();
    }
    const last = await Appliance.start(shop.data, { token: shop.token, prefix: kMonthLater });
    for (const id of shop.ids) assert.equal((await last.get(`/api/v1/order/${id}/customer?reason=fulfilment`)).status, 410);
    await last.post('/api/v1/vault/purge', { dry_run: false });
    await last.stop();
    assert.deepEqual(filesHolding(shop.data, shop.sealed), []);
  } finally {
    removeFolder(shop.data);
  }
});
