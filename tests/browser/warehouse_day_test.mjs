// A day at a warehouse: 40 orders picked in two batches with a scanner, packed into 43 parcels, labelled, sent, three of
// them back again, one refunded in part, and every paper printed and looked at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Appliance, anOrder, newShop, owner, removeFolder, tempFolder } from '../app/appliance.mjs';
import { pdfPages } from '../app/pdf.mjs';
import { Visit, openBrowser } from './browser.mjs';
import { PdfLooker } from './pdf_pages.mjs';

const kOrders = 40, kProducts = 10;
const ok = (answer, status = 200) => (assert.equal(answer.status, status, answer.text), answer.json.data);
const ean = (number) => {
  const digits = '20000001' + String(number).padStart(4, '0');
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 3 : 1), 0);
  return digits + (10 - (sum % 10)) % 10;
};
const products = Array.from({ length: kProducts }, (_, i) => ({ sku: `P-${i}`, title: `Thing ${i}`, ean: ean(i), shelf: `${'ABC'[i % 3]}-${(i % 4) + 1}-${i}`, price: 10 + i }));
// Order i has a piece of one product; every fifth two of another besides.
const linesOf = (i) => {
  const line = (at, quantity) => ({ sku: products[at % kProducts].sku, title: products[at % kProducts].title, quantity, price: products[at % kProducts].price });
  return i % 5 === 0 ? [line(i, 1), line(i + 3, 2)] : [line(i, 1)];
};
const folder = process.env.PF_PICTURES ?? tempFolder(); // where the drawn papers stay to be looked at
let made, shop, browser, visit, looker, orders = [];

before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  ok(await shop.request('PUT', '/api/v1/invoice-settings', { body: { seller: { name: 'Little Harbour', street: 'Quay 1', zip_code: '8861 AA', city: 'Harlingen', country_code: 'NL', vat_number: 'NL001234567B01' }, vat_rate: 21 } }));
  const table = (columns, row) => [columns, ...products.map(row)].join('\n') + '\n';
  assert.equal((await shop.importFile('products.csv', table('sku,title,ean', (one) => `${one.sku},${one.title},${one.ean}`))).counts.created, kProducts);
  assert.equal((await shop.importFile('stock.csv', table('sku,stock,shelf', (one) => `${one.sku},50,${one.shelf}`))).counts.changed, kProducts);
  for (let i = 0; i < kOrders; ++i)
    orders.push(ok(await shop.post('/api/v1/order', anOrder(`DAY-${String(i).padStart(2, '0')}`, { lines: linesOf(i), ship_by: new Date(Date.UTC(2031, 0, 1 + i)).toISOString() })), 201).id);
  browser = await openBrowser();
  visit = await Visit.start(browser, shop.url.origin);
  visit.expects = [409]; // of scans that are refused
  await visit.signIn(owner);
  looker = await PdfLooker.start(browser, folder);
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  if (!process.env.PF_PICTURES) removeFolder(folder);
  if (made) removeFolder(made.data);
});

const said = (text) => visit.page.locator('.said').filter({ hasText: text }).waitFor();
// As a keyboard wedge does: the code and Enter, wherever the focus is.
const scan = async (code) => {
  await visit.page.keyboard.type(code);
  await visit.page.keyboard.press('Enter');
};
const batch = async (id) => ok(await shop.get('/api/v1/batch/' + id));
const codeOf = (step) => step.ean || step.sku;
const print = async (name, item) => {
  const [download] = await Promise.all([visit.page.waitForEvent('download'), (async () => {
    await visit.page.getByRole('button', { name: /^Print/ }).click();
    await visit.page.getByRole('menuitem', { name: item, exact: true }).click();
  })()]);
  return readFileSync(await download.path());
};
const paper = async (path) => {
  const answer = await shop.get(path);
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  assert.equal(answer.headers['content-type'], 'application/pdf');
  return answer.bytes;
};

test('the first batch is the next twenty orders by ship-by, walked from shelf to shelf, by scanner alone', async () => {
  const { page } = visit;
  await visit.go('/warehouse');
  await page.getByRole('button', { name: 'Start a batch' }).click();
  await page.getByRole('heading', { level: 1, name: 'Batch 1' }).waitFor();
  const begun = await batch(1);
  assert.deepEqual(begun.orders.map((order) => order.id), orders.slice(0, 20));
  assert.deepEqual(begun.steps.map((step) => step.shelf), products.map((one) => one.shelf).sort());
  const list = await print('batch', 'Pick list of the batch');
  const text = pdfPages(list).join('\n');
  for (const words of ['Pick list of batch 1', 'Zone A', 'Zone C', 'PB1', 'B-2-1', `${begun.pieces} pieces in all`, `PF${orders[19]}`]) assert.ok(text.includes(words), words);
  await looker.look('batch-list', list);

  const [first] = begun.steps;
  await scan(codeOf(first));
  await said(`${first.title} → slot ${first.places[0].slot}`);
  await scan('4006381333931'); // nobody's
  await said('Nothing here has the code 4006381333931.');
  ok(await shop.post('/api/v1/product/WRONG', { title: 'Somebody else’s mug', ean: '4006381333931' }), 201);
  await scan('4006381333931'); // the wrong item, by its name
  await said('This is Somebody else’s mug, not in this batch.');
  await scan('PF-UNDO');
  await said(`Taken back: ${first.title}.`);
  await visit.checkAccess('a batch that is being picked');

  // The whole walk, piece by piece; of the last product one piece is not on its shelf.
  let missing;
  for (const step of begun.steps)
    for (const place of step.places)
      for (let piece = 0; piece < place.pieces; ++piece) {
        if (step === begun.steps.at(-1) && place === step.places.at(-1) && piece === place.pieces - 1) missing = { step, place };
        else await scan(codeOf(step));
      }
  await page.getByText(`${begun.pieces - 1} of ${begun.pieces}`, { exact: true }).waitFor();
  await scan(codeOf(begun.steps[0])); // one too many
  await said(`${begun.steps[0].title}: enough is picked. Put it back.`);
  await page.getByRole('button', { name: `Missing: ${missing.step.title}` }).click();
  await said('All picked. The orders go on to packing.');
  const picked = await batch(1);
  assert.deepEqual([picked.status, picked.picked, picked.missing], ['picked', begun.pieces - 1, 1]);
  assert.ok(picked.orders.every((order) => order.fulfilment === 'picked'));
  const timeline = ok(await shop.get(`/api/v1/order/${missing.place.order_id}/timeline`));
  assert.deepEqual(timeline.find((one) => one.kind === 'short').details.slot, missing.place.slot);
});

test('the second batch is chosen by hand; its first orders are scanned, the rest comes from another table', async () => {
  const { page } = visit;
  await visit.go('/warehouse');
  for (const box of await page.getByRole('checkbox', { name: /^Choose DAY/ }).all()) await box.check();
  await page.getByRole('button', { name: 'Start a batch of 20 orders' }).click();
  await page.getByRole('heading', { level: 1, name: 'Batch 2' }).waitFor();
  const begun = await batch(2);
  assert.deepEqual(begun.orders.map((order) => order.id), orders.slice(20));
  const list = await paper('/api/v1/batch/2/picking?language=nl');
  const text = pdfPages(list).join('\n');
  for (const words of ['Picklijst van batch 2', 'Vak × stuks', `${begun.pieces} stuks in totaal`]) assert.ok(text.includes(words), words);
  await looker.look('second-list', list);
  const refused = await shop.post('/api/v1/batch', { orders: [orders[0], orders[20]] });
  assert.deepEqual(refused.json.errors.map((one) => one.code), ['nothing_to_pick', 'in_batch']);
  for (const step of begun.steps.slice(0, 2)) {
    await scan(codeOf(step));
    await said(`${step.title} → slot`);
  }
  await page.getByRole('button', { name: `One by hand: ${begun.steps[2].title}` }).click(); // its label is torn
  await said(`${begun.steps[2].title} → slot`);
  for (const step of (await batch(2)).steps)
    for (const place of step.places)
      if (place.picked < place.pieces) ok(await shop.post('/api/v1/batch/2/pick', { order: place.order_id, line: place.line, quantity: place.pieces - place.picked }));
  await page.getByText('Picked', { exact: true }).first().waitFor(); // seen here too
  assert.equal((await batch(2)).status, 'picked');
});

test('40 orders are packed into 43 parcels, labelled by the carrier’s program, and sent', async () => {
  const { page } = visit;
  await visit.go('/warehouse');
  // The first one by scanner: its tote's code, its pieces into two parcels.
  const firstWork = ok(await shop.get(`/api/v1/order/${orders[0]}/fulfilment`));
  await scan(`PF${orders[0]}`);
  await page.waitForURL(`**/warehouse/${orders[0]}`);
  await page.getByRole('heading', { level: 2, name: 'Pack', exact: true }).waitFor();
  await scan(firstWork.lines[0].ean);
  await said('Thing 0: 1 of 1');
  await scan('PF-NEXT');
  await said('Parcel PACK02');
  for (let piece = 1; piece <= 2; ++piece) await scan(firstWork.lines[1].ean);
  await said('All packed.');
  let parcels = 2;
  for (const id of orders.slice(1)) {
    const at = `/api/v1/order/${id}`;
    for (const line of ok(await shop.get(at + '/fulfilment')).lines) {
      if (line.missing > 0) ok(await shop.post(at + '/pick', { line: line.line, quantity: line.missing })); // it was found meanwhile
      const second = line.line === 1 && orders.indexOf(id) <= 10; // two of the orders with two lines become two parcels
      ok(await shop.post(at + '/pack', { line: line.line, quantity: line.allocated, parcel: second ? 'PACK02' : 'PACK01' }));
    }
    parcels += ok(await shop.get(at + '/fulfilment')).parcels.length;
    ok(await shop.request('PUT', at + '/parcel/PACK01', { body: { weight_grams: 800 } }));
  }
  assert.equal(parcels, 43);

  const file = await shop.get(`/api/v1/carrier-file?format=dpd&orders=${orders}`);
  assert.equal(file.status, 200, file.text);
  const rows = file.text.trim().split('\r\n').map((row) => row.split(';'));
  assert.equal(rows.length, 44);
  const column = (name) => rows[0].indexOf(name);
  assert.deepEqual([rows[1][column('recipient_name')], rows[1][column('recipient_house_no')], rows[1][column('reference')], rows[3][column('weight')]], ['Zyxander Quillonbury', '77', `${orders[0]}-PACK01`, '0.8']);
  assert.equal(ok(await shop.get('/api/v1/audit?per_page=5'))[0].details.reason, 'label file: dpd');
  const numbers = 'reference;parcel number;carrier\n' + rows.slice(1).map((row, at) => `${row[column('reference')]};0524${String(at).padStart(10, '0')};DPD`).join('\n') + '\n';
  const back = await shop.importFile('dpd.csv', numbers);
  assert.deepEqual([back.format, back.counts.changed, back.counts.refused], ['tracking', 43, 0]);

  for (const id of orders)
    for (const parcel of ok(await shop.get(`/api/v1/order/${id}/fulfilment`)).parcels) ok(await shop.post(`/api/v1/order/${id}/shipment`, { identifier: parcel.identifier }), 201);
  const sent = (await shop.get('/api/v1/order?status[]=shipped&per_page=1')).json.meta.total;
  assert.equal(sent, kOrders);
  const order = ok(await shop.get(`/api/v1/order/${orders[0]}`));
  assert.deepEqual(order.parcels.map((one) => [one.identifier, one.method, one.track_and_trace]), [['PACK01', 'DPD', '05240000000000'], ['PACK02', 'DPD', '05240000000001']]);
});

test('three orders come back, one of them is refunded in part, and stock adds up', async () => {
  for (const id of orders.slice(0, 3)) {
    const back = ok(await shop.post('/api/v1/return', { order_id: id, reason: 'unwanted', approved: true, lines: [{ line: 0, quantity: 1 }] }), 201);
    ok(await shop.request('PUT', `/api/v1/return/${back.id}/receipt`, { body: { lines: [{ line: 0, received: 1, restocked: 1 }] } }));
    ok(await shop.request('PUT', `/api/v1/return/${back.id}/close`));
  }
  ok(await shop.post(`/api/v1/order/${orders[0]}/refund`, { reason: 'returned', lines: [{ line: 0, quantity: 1, amount: 6 }] }), 201);
  const pieces = Array.from({ length: kOrders }, (_, i) => linesOf(i)).flat().reduce((all, line) => all + line.quantity, 0);
  const levels = ok(await shop.get('/api/v1/stock?per_page=200'));
  assert.equal(levels.reduce((all, one) => all + one.on_hand, 0), 50 * kProducts - pieces + 3);
  assert.ok(levels.every((one) => one.allocated === 0));
});

test('everything is printed, and each paper looked at', async () => {
  const names = [];
  for (const id of orders.slice(0, 3)) names.push(ok(await shop.post(`/api/v1/order/${id}/invoice`, {}), 201).name);
  names.push(ok(await shop.post(`/api/v1/order/${orders[0]}/refund/REF01/credit-note`), 201).name);
  const papers = {
    slips: [await paper(`/api/v1/paper/packing-slip?orders=${orders}&language=en`), 43, ['Packing slip', 'DAY-39', '05240000000042']],
    labels: [await paper(`/api/v1/paper/address-label?orders=${orders}&language=en&paper=a4_2x4`), 5, ['Zyxander Quillonbury', '9876 ZX Quillonstad', `PF${orders[39]}`]],
    invoices: [await paper(`/api/v1/paper/invoice?invoices=${names}&language=en`), 4, ['Little Harbour', 'NL001234567B01', ...names]],
  };
  for (const [name, [bytes, count, words]] of Object.entries(papers)) {
    const pages = pdfPages(bytes);
    assert.equal(pages.length, count, name);
    assert.ok(pages.every((page) => page.length > 20), `${name}: a page without words`);
    for (const word of words) assert.ok(pages.join('\n').includes(word), `${name}: ${word}`);
    await looker.look(name, bytes);
  }
  await looker.look('slips', papers.slips[0], 43);
});

test('the order’s page tells the whole day, and no page broke its policy', async () => {
  const { page } = visit;
  await visit.go('/orders/' + orders[0]);
  for (const words of ['Put into a batch', 'Batch 1, Slot 1']) await page.getByText(words).first().waitFor();
  await page.getByRole('cell', { name: '05240000000001' }).waitFor();
  await visit.checkAccess('an order after its day');
  await looker.end();
  await visit.end();
});
