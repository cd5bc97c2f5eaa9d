// A seller's real files go in over HTTPS and come out as they were.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Appliance, newShop, removeFolder, sharedData } from './appliance.mjs';

const missing = existsSync(sharedData) ? false : `there is no ${sharedData}`;
if (missing) console.log(`SKIPPED: ${missing}`);

let shop, appliance;
test.before(async () => {
  shop = newShop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
});
test.after(async () => {
  await appliance.stop();
  removeFolder(shop.data);
});

// A reading of CSV by the book, so that the product's reader is not judged by itself.
function readCsv(text, delimiter) {
  const rows = [];
  let row = [], cell = '', quoted = false;
  for (let i = text.startsWith('\ufeff') ? 1 : 0; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += '"'; ++i; }
      else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === delimiter) { row.push(cell); cell = ''; }
    else if (c === '\n') { row.push(cell.replace(/\r$/, '')); rows.push(row); row = []; cell = ''; }
    else cell += c;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows.filter((one) => one.length > 1 || one[0] !== '');
}

async function inBatches(items, size, work) {
  for (let i = 0; i < items.length; i += size) await Promise.all(items.slice(i, i + size).map(work));
}

test('the Akeneo catalogue of 1,239 products and 111 columns comes out equal, cell by cell, in three languages', { skip: missing }, async () => {
  const bytes = readFileSync(join(sharedData, 'akeneo/icecat_demo_dev/products.csv'));
  const [header, ...rows] = readCsv(bytes.toString('utf8'), ';');
  assert.equal(rows.length, 1239);
  assert.equal(header.length, 111);
  const done = await appliance.importFile('anything.txt', bytes);
  assert.equal(done.status, 'done', JSON.stringify(done));
  assert.deepEqual(done.counts, { rows: 1239, created: 1239, changed: 0, unchanged: 0, refused: 0 });

  let cells = 0;
  const locales = { de_DE: 'de-DE', en_US: 'en-US', fr_FR: 'fr-FR' };
  await inBatches(rows, 16, async (row) => {
    const answer = await appliance.get(`/api/v1/product/${encodeURIComponent(row[0])}?include=texts`);
    assert.equal(answer.status, 200, row[0]);
    const product = answer.json.data;
    header.forEach((column, i) => {
      const wanted = row[i] ?? '';
      const locale = Object.keys(locales).find((one) => column.includes(`-${one}`));
      let is;
      if (['sku', 'family', 'parent'].includes(column)) is = product[column];
      else if (column === 'enabled') is = product.enabled ? '1' : '0';
      else if (column === 'categories') is = product.categories.join(',');
      else if (locale) is = product.texts[locales[locale]]?.[column.replace(`-${locale}`, '')];
      else is = product.attributes[column];
      assert.equal(is ?? '', wanted, `${row[0]} ${column}`);
      ++cells;
    });
  });
  assert.equal(cells, 1239 * 111);
  const again = await appliance.importFile('again.csv', bytes);
  assert.deepEqual(again.counts, { rows: 1239, created: 0, changed: 0, unchanged: 1239, refused: 0 });
});

test('what an import has refused is told by line, column and reason', { skip: missing }, async () => {
  const done = await appliance.importFile('export.csv', readFileSync(join(sharedData, 'akeneo/features_fixtures/product_export_with_non_utf8_characters.csv')));
  assert.equal(done.counts.rows, 112, JSON.stringify(done));
  assert.equal(done.counts.rows, done.counts.created + done.counts.changed + done.counts.unchanged + done.counts.refused);
  const refused = (await appliance.get(`/api/v1/import/${done.id}/row?outcome[eq]=refused`)).json.data;
  assert.equal(refused.length, done.counts.refused);
  for (const row of refused) assert.ok(row.line > 1 && row.errors[0].field && row.errors[0].message, JSON.stringify(row));
});

test("an orders file goes in once, however often it is sent, and no answer holds its buyer", { skip: missing }, async () => {
  const header = readFileSync(join(sharedData, 'csv-headers/amazon_unshipped_official_27.tsv'), 'utf8').trim().split('\t');
  const line = (cells) => header.map((name) => cells[name] ?? '').join('\t');
  const file = [header.join('\t'),
    line({ 'order-id': '302-9', 'order-item-id': '1', 'purchase-date': '2026-11-20T23:30:00+02:00', sku: 'AMZ-1', 'product-name': 'Mug',
           'quantity-purchased': '2', 'recipient-name': 'Zyxander Quillonbury', 'ship-country': 'NL' }),
    line({ 'order-id': '302-9', 'order-item-id': '2', sku: 'AMZ-2', 'product-name': 'Plate', 'quantity-purchased': '1' }), ''].join('\n');
  const first = await appliance.importFile('orders.txt', file);
  assert.deepEqual([first.counts.rows, first.counts.created], [2, 2], JSON.stringify(first));
  assert.equal((await appliance.importFile('orders.txt', file)).counts.unchanged, 2);
  const list = await appliance.get('/api/v1/order');
  assert.equal(list.json.meta.total, 1);
  assert.equal(list.json.data[0].placed_at, '2026-11-20T21:30:00Z');
  assert.doesNotMatch(list.text, /Zyxander|Quillonbury/);
});

test('what goes out comes back unchanged, and a question that cannot be answered is refused before the first byte', async () => {
  const made = await appliance.importFile('own.csv', 'sku,title,brand,price,note\nOUT-1,=1+1,Outward,19.95,"two\nlines"\nOUT-2,Plain,Outward,5,\n');
  assert.equal(made.counts.created, 2, JSON.stringify(made));
  for (const format of ['csv', 'xlsx', 'json', 'ndjson', 'xml']) {
    const file = await appliance.get(`/api/v1/export?kind=product&format=${format}&brand[eq]=Outward`);
    assert.equal(file.status, 200, format);
    assert.match(file.headers['content-disposition'], new RegExp(`products\\.${format}`));
    if (format === 'csv') assert.doesNotMatch(file.text, /(^|,|")=1/m);  // disarmed for spreadsheets
    const back = await appliance.importFile(`back.${format}`, file.bytes);
    assert.deepEqual(back.counts, { rows: 2, created: 0, changed: 0, unchanged: 2, refused: 0 }, `${format} ${JSON.stringify(back)}`);
  }
  const bad = await appliance.get('/api/v1/export?kind=product&format=papyrus');
  assert.equal(bad.status, 422);
  assert.match(bad.text, /csv, xlsx, json, ndjson/);
  assert.equal((await appliance.get('/api/v1/export?kind=order&format=csv', { token: '' })).status, 401);
  assert.equal((await appliance.get('/api/v1/export?kind=stock&format=xml')).status, 200);
});

test('a report can be read whatever bytes the names in a file hold', async () => {
  const bad = Buffer.from([0xff]);
  const file = Buffer.concat([Buffer.from('sku,title,caf\u00e9 '), bad, Buffer.from('\nBYTES-1,one,fine\nBYTES-2,two,'), bad, Buffer.from('\n')]);
  const done = await appliance.importFile(`x${'\u00e9'.repeat(150)}.csv`, file);
  assert.deepEqual([done.status, done.counts.refused], ['done', 2], JSON.stringify(done)); // an attribute has no such name, a text no such byte
  const rows = await appliance.get(`/api/v1/import/${done.id}/row`);
  assert.equal(rows.status, 200, rows.text);
  assert.match(rows.text, /not text in UTF-8/);
  assert.equal((await appliance.get('/api/v1/import')).status, 200);
});

test('workbooks, feeds and archives go in as they are, and what is hostile ends in a sentence', { skip: missing }, async () => {
  const wanted = {
    'unopim/e2e__1k_products.xlsx': 1000,
    'akeneo/features_fixtures/products_with_timestamp_dates.xlsx': 2,
    'akeneo/features_fixtures/caterpillar_import_xlsx.zip': 3,
    'google_merchant/product-data-xml-feed-example.xml': 2,
    'woocommerce/woo_upstream_sample_products.xml': 25,
  };
  for (const [file, rows] of Object.entries(wanted)) {
    const done = await appliance.importFile('anything', readFileSync(join(sharedData, file)));
    assert.equal(done.status, 'done', `${file} ${JSON.stringify(done)}`);
    assert.deepEqual([done.counts.rows, done.counts.refused], [rows, 0], file);
  }
  assert.equal((await appliance.get('/api/v1/product/rangers001')).json.data.attributes.destocking_date, '2016-06-24');
  const laughs = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><products><p sku="X">&b;</p></products>';
  const hostile = await appliance.importFile('feed.xml', laughs);
  assert.equal(hostile.status, 'failed');
  assert.match(hostile.message, /DOCTYPE/);
  const whole = readFileSync(join(sharedData, 'unopim/e2e__1k_products.xlsx'));
  const cut = await appliance.importFile('cut.xlsx', whole.subarray(0, whole.length / 2));
  assert.equal(cut.status, 'failed');
  assert.match(cut.message, /damaged or cut off/);
});

// The last: what these files hold stays in the shop.
test('every file that anybody sent accounts for each of its rows, and says why it refused any', { skip: missing }, async () => {
  const files = readdirSync(sharedData, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => join(one.parentPath ?? one.path, one.name)).sort();
  assert.ok(files.length > 200);
  let rows = 0;
  await inBatches(files, 8, async (file) => {
    const { id, counts, status, message } = await appliance.importFile('a file', readFileSync(file)); // its name tells nothing
    assert.equal(counts.rows, counts.created + counts.changed + counts.unchanged + counts.refused, file);
    assert.ok(status === 'done' || message.length > 20, `${file}: ${status} ${message}`);
    if (counts.refused > 0) {
      const refused = (await appliance.get(`/api/v1/import/${id}/row?outcome[eq]=refused&per_page=200`)).json.data;
      assert.equal(refused.length, Math.min(200, counts.refused), file);
      for (const row of refused) assert.ok(row.errors.length > 0 && row.errors.every((one) => one.message !== ''), `${file} ${JSON.stringify(row)}`);
    }
    rows += counts.rows;
  });
  assert.ok(rows > 4_500, String(rows)); // without lists of languages and currencies, which hold nothing of a shop
});
