// What a shop does with an order beside sending it, of the real executable over TLS.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Appliance, anOrder, newShop, removeFolder, run } from './appliance.mjs';
import { pdfPages } from './pdf.mjs';

let shop, appliance;
const ok = (answer, status = 200) => (assert.equal(answer.status, status, answer.text), answer.json.data);
const refused = (answer, status) => {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  return answer.json;
};
const place = async (number, lines, more = {}) => ok(await appliance.post('/api/v1/order', anOrder(number, { lines, ...more })), 201);
const put = (path, body) => appliance.request('PUT', path, body === undefined ? {} : { body });
const remove = (path) => appliance.request('DELETE', path);

test.before(async () => {
  shop = newShop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
  for (const sku of ['CUP', 'POT']) {
    assert.equal((await appliance.post(`/api/v1/product/${sku}`, { title: sku })).status, 201);
    ok(await appliance.post(`/api/v1/stock/${sku}`, { available: 10 }));
  }
});
test.after(async () => {
  await appliance.stop();
  removeFolder(shop.data);
});

test('a held order is neither picked nor shipped, says which holds there are, and is let go one by one', async () => {
  const { id } = await place('HELD-1', [{ sku: 'CUP', title: 'Cup', quantity: 2, price: 10 }]);
  const at = `/api/v1/order/${id}`;
  assert.deepEqual(refused(await appliance.post(`${at}/hold`, { reason: 'mood' }), 422).errors.map((one) => one.field), ['reason']);
  ok(await appliance.post(`${at}/hold`, { reason: 'fraud', message: 'Zyxander again' }), 201);
  const held = ok(await appliance.post(`${at}/hold`, { reason: 'address' }), 201);
  assert.deepEqual(held.holds.map((one) => one.reason), ['fraud', 'address']);
  assert.equal(held.status, 'open');
  assert.equal(held.can.ship, false);
  for (const answer of [await appliance.post(`${at}/shipment`, {}), await appliance.get(`${at}/picking`)]) {
    const { detail, errors } = refused(answer, 409);
    assert.match(detail, /on hold: fraud since .*, address since/);
    assert.deepEqual(errors.map((one) => one.code), ['fraud', 'address']);
  }
  assert.deepEqual(ok(await appliance.get('/api/v1/order?held[eq]=true')).map((one) => one.id), [id]);
  for (const hold of held.holds) {
    ok(await remove(`${at}/hold/${hold.id}`));
    refused(await remove(`${at}/hold/${hold.id}`), 404);
  }
  ok(await appliance.post(`${at}/shipment`, {}), 201);
});

test('tags filter the list, and notes for the buyer stay apart from those of the team', async () => {
  const { id } = await place('TAG-1', [{ sku: 'CUP', title: 'Cup', quantity: 1, price: 10 }]);
  const at = `/api/v1/order/${id}`;
  ok(await put(`${at}/tag/Gift%20wrap`));
  assert.deepEqual(ok(await put(`${at}/tag/gift%20wrap`)).tags, ['gift wrap']);
  refused(await put(`${at}/tag/jan%40example.com`), 422);
  const { data, facets } = (await appliance.get('/api/v1/order?tag[in]=gift%20wrap,other&facets=tag')).json;
  assert.deepEqual(data.map((one) => [one.id, one.tags]), [[id, ['gift wrap']]]);
  assert.deepEqual(facets.tag, { 'gift wrap': 1 });
  ok(await appliance.post(`${at}/note`, { message: 'Second shelf' }), 201);
  ok(await appliance.post(`${at}/note`, { message: 'Enjoy it', for: 'buyer' }), 201);
  assert.deepEqual(ok(await appliance.get(`${at}/note?for=buyer`)).map((one) => one.message), ['Enjoy it']);
  assert.deepEqual(ok(await appliance.get(`${at}/note?for=team`)).map((one) => one.message), ['Second shelf']);
  refused(await appliance.post(`${at}/note`, { message: 'x', for: 'all' }), 422);
  assert.deepEqual(ok(await remove(`${at}/tag/gift%20wrap`)).tags, []);
});

const level = async (sku) => ok(await appliance.get(`/api/v1/stock/${sku}`));

test('pieces come back in parts, are restocked once however often it is said, and never more than went out', async () => {
  const { id } = await place('BACK-1', [{ sku: 'POT', title: 'Pot', quantity: 3, price: 10 }, { sku: 'CUP', title: 'Cup', quantity: 1, price: 5 }]);
  const asked = { order_id: id, reference: 'RMA-1', reason: 'defective', message: 'Zyxander says it leaks', lines: [{ line: 0, quantity: 2 }] };
  refused(await appliance.post('/api/v1/return', asked), 409); // nothing was shipped
  ok(await appliance.post(`/api/v1/order/${id}/shipment`, {}), 201);
  const sent = await level('POT');
  const { id: back } = ok(await appliance.post('/api/v1/return', asked), 201);
  assert.equal(ok(await appliance.post('/api/v1/return', asked)).id, back);
  const more = refused(await appliance.post('/api/v1/return', { order_id: id, lines: [{ line: 0, quantity: 2 }] }), 409);
  assert.deepEqual(more.errors.map((one) => one.field), ['lines[0].quantity']);
  const at = `/api/v1/return/${back}`;
  const came = { lines: [{ line: 0, received: 2, restocked: 1, damaged: 1 }] };
  refused(await put(`${at}/receipt`, came), 409); // nobody has approved it
  assert.equal(ok(await put(`${at}/approve`)).status, 'approved');
  const answers = await Promise.all(Array.from({ length: 8 }, () => put(`${at}/receipt`, came)));
  for (const answer of answers) assert.equal(ok(answer).status, 'received');
  const now = await level('POT');
  assert.equal(now.on_hand, sent.on_hand + 1);
  assert.deepEqual([now.movements.at(-1).reason, now.movements.at(-1).by, now.movements.at(-1).on_hand], ['returned', 'test', 1]);
  refused(await put(`${at}/receipt`, { lines: [{ line: 0, received: 1 }] }), 422);
  assert.equal(ok(await put(`${at}/close`)).status, 'closed');
  assert.deepEqual(ok(await appliance.get('/api/v1/return?status[]=closed&facets=status')).map((one) => one.id), [back]);
  const order = ok(await appliance.get(`/api/v1/order/${id}`));
  assert.deepEqual(order.lines.map((line) => [line.returned, line.returnable]), [[2, 1], [0, 1]]);
  assert.deepEqual(order.timeline.map((one) => one.kind), ['placed', 'shipped', 'return_requested', 'noted', 'return_approved', 'return_received', 'return_closed']);
  assert.ok(!(await appliance.get(at)).text.includes('Zyxander'));
  refused(await appliance.get('/api/v1/return/1'), 404);
});

test('money goes back in parts, once however often it is sent, and never more than was paid', async () => {
  const { id, total } = await place('MONEY-1', [{ sku: 'CUP', title: 'Cup', quantity: 2, price: 10 }], { shipping_cost: 4.95, tax: 1.05 });
  assert.equal(total, 26);
  const at = `/api/v1/order/${id}/refund`;
  const asked = { identifier: 'CN-1', reason: 'damaged', message: 'Zyxander sent a picture', lines: [{ line: 0, quantity: 1 }], shipping: 1.5 };
  const first = ok(await appliance.post(at, asked), 201);
  assert.deepEqual([first.amount_paid, first.amount_refunded, first.amount_balance, first.status], [26, 11.5, 14.5, 'open']);
  for (const again of await Promise.all(Array.from({ length: 8 }, () => appliance.post(at, asked)))) assert.equal(ok(again).amount_refunded, 11.5);
  refused(await appliance.post(at, { ...asked, shipping: 2 }), 409);
  const much = refused(await appliance.post(at, { lines: [{ line: 0, quantity: 2 }], shipping: 3.46, tax: 1.06 }), 409);
  assert.deepEqual(much.errors.map((one) => one.field), ['lines[0].quantity', 'lines[0].amount', 'shipping', 'tax']);
  refused(await appliance.post(at, { other: 14.51 }), 409);
  refused(await appliance.post(at, { other: '1.999' }), 422);
  refused(await appliance.post(at, { other: 1, reason: 'mood' }), 422);
  refused(await appliance.post(at, {}), 422);
  assert.equal(ok(await appliance.post(at, { other: 14.5 }), 201).amount_balance, 0);
  const list = ok(await appliance.get(at));
  assert.deepEqual(list.map((one) => [one.identifier, one.amount, one.shipping, one.other]), [['CN-1', 11.5, 1.5, 0], ['REF02', 14.5, 0, 14.5]]);
  assert.ok(!JSON.stringify(list).includes('Zyxander'));
  const unpaid = await place('MONEY-2', [{ sku: 'CUP', title: 'Cup', quantity: 1, price: 10 }], { paid: false });
  refused(await appliance.post(`/api/v1/order/${unpaid.id}/refund`, { other: 1 }), 409);
});

test('an order that the marketplace ships is never picked here and never touches our stock', async () => {
  const before = await level('CUP');
  const { id, can } = await place('FBA-1', [{ sku: 'CUP', title: 'Cup', quantity: 2, price: 5 }], { channel: 'amazon', fulfilled_by: 'marketplace' });
  assert.equal(can.ship, false);
  refused(await appliance.post(`/api/v1/order/${id}/shipment`, {}), 409);
  refused(await appliance.get(`/api/v1/order/${id}/picking`), 409);
  refused(await appliance.post('/api/v1/order', anOrder('FBA-2', { fulfilled_by: 'me' })), 422);
  assert.deepEqual(ok(await appliance.get('/api/v1/order?fulfilled_by[eq]=marketplace')).map((one) => one.id), [id]);
  ok(await appliance.post(`/api/v1/order/${id}/cancel`, {}));
  assert.deepEqual(await level('CUP'), before);
});

test('a packing slip says what is in a parcel and what the buyer shall read, and nothing of the team', async () => {
  const { id } = await place('SLIP-1', [{ sku: 'POT', title: 'Pot à thé', quantity: 2, price: 10 }, { title: 'Gift wrap', quantity: 1, price: 1 }]);
  const at = `/api/v1/order/${id}`;
  ok(await appliance.post(`${at}/note`, { message: 'Thank you!', for: 'buyer' }), 201);
  ok(await appliance.post(`${at}/note`, { message: 'Zyxander complains a lot' }), 201);
  ok(await appliance.post(`${at}/shipment`, { identifier: 'PACK 1', lines: [{ line: 0, quantity: 1 }] }), 201);
  const ready = ok(await appliance.get(`${at}/packing-slip`));
  assert.deepEqual([ready.parcel, ready.notes, ready.lines.map((one) => [one.title, one.quantity])], [null, ['Thank you!'], [['Pot à thé', 1], ['Gift wrap', 1]]]);
  const sent = ok(await appliance.get(`${at}/packing-slip?parcel=PACK%201`));
  assert.deepEqual([sent.parcel, sent.lines.map((one) => one.quantity)], ['PACK 1', [1]]);
  refused(await appliance.get(`${at}/packing-slip?parcel=PACK02`), 404);
  for (const answer of [await appliance.get(`${at}/packing-slip?parcel=PACK%201&format=pdf&language=nl`), await appliance.get(`${at}/picking`, { headers: { accept: 'application/pdf' } })]) {
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['content-type'], 'application/pdf');
    assert.ok(answer.text.startsWith('%PDF-'));
    const text = pdfPages(answer.bytes).join();
    assert.match(text, /Pot à thé/);
    assert.match(text, new RegExp(`PF${id}`));
    assert.ok(!text.includes('Zyxander'));
  }
});

test('several orders are printed in one document: pick lists, packing slips and address labels', async () => {
  const a = await place('BATCH-1', [{ sku: 'POT', title: 'Żółty czajnik', quantity: 1, price: 10 }]);
  const b = await place('BATCH-2', [{ sku: 'POT', title: 'Чайник', quantity: 1, price: 10 }]);
  const paper = async (kind, orders, more = '') => {
    const answer = await appliance.get(`/api/v1/paper/${kind}?orders=${orders}${more}`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['content-type'], 'application/pdf');
    return { pages: pdfPages(answer.bytes), headers: answer.headers };
  };
  const both = `${a.id},${b.id}`;
  const lists = (await paper('pick-list', both, '&language=de')).pages;
  assert.equal(lists.length, 2);
  assert.match(lists[0], /Pickliste .*Żółty czajnik.*Seite 1 von 1/s);
  assert.match(lists[1], /Чайник/);
  assert.equal((await paper('packing-slip', both)).pages.length, 2);
  const labels = await paper('address-label', both, '&paper=a4_2x4&used=1');
  assert.equal(labels.pages.length, 1);
  assert.match(labels.pages[0], /Zyxander Quillonbury\nVexillologylaan 77\n9876 ZX Quillonstad/);
  assert.match(labels.headers['cache-control'], /no-store/);
  const seen = (await appliance.get('/api/v1/audit?action=buyer.reveal&per_page=50')).json.data.filter((one) => [a.id, b.id].includes(one.object.split(':')[1]));
  assert.equal(seen.length, 2);

  refused(await appliance.get('/api/v1/paper/pick-list'), 422);
  assert.equal(refused(await appliance.get('/api/v1/paper/pick-list?orders=x,1,-3'), 422).errors.length, 2);
  refused(await appliance.get(`/api/v1/paper/pick-list?orders=${Array.from({ length: 201 }, (_, i) => i + 1)}`), 422);
  assert.equal(refused(await appliance.get(`/api/v1/paper/packing-slip?orders=${a.id},7,8`), 404).errors.length, 2);
  for (const wrong of ['paper=a5', 'paper=a4_2x4&used=8', 'used=-1']) refused(await appliance.get(`/api/v1/paper/address-label?orders=${a.id}&${wrong}`), 422);
  ok(await appliance.post(`/api/v1/order/${b.id}/hold`, { reason: 'address' }), 201);
  assert.match(refused(await appliance.get(`/api/v1/paper/pick-list?orders=${both}`), 409).detail, new RegExp(b.id));
  // A buyer who is gone: the label says so, and the others are printed.
  ok(await appliance.post('/api/v1/buyer/erase', { orders: [a.id], reason: 'asked' }));
  const left = (await paper('address-label', both)).pages;
  assert.match(left[0], /details were deleted.*Ask the marketplace/s);
  assert.ok(!left[0].includes('Zyxander'));
  assert.match(left[1], /Zyxander/);
});

test('an invoice has the next number and the seller as he is set, its refund a credit note, and neither a buyer', async () => {
  const { id } = await place('INV-1', [{ sku: 'POT', title: 'Pot', quantity: 2, price: 12.1 }, { title: 'Boek', quantity: 1, price: 10.9 }], { shipping_cost: 0 });
  const at = `/api/v1/order/${id}`;
  assert.deepEqual(refused(await appliance.post(`${at}/invoice`, {}), 409).errors.map((one) => one.field), ['seller.name', 'seller.street', 'seller.city', 'seller.country_code', 'seller.vat_number', 'vat_rate']);
  const settings = { seller: { name: 'Łódzka Herbata', street: 'Keizersgracht 1', zip_code: '1015 AA', city: 'Amsterdam', country_code: 'NL', vat_number: 'NL001234567B01', iban: 'NL91 ABNA 0417 1643 00' }, vat_rate: 21, country_rates: [{ country_code: 'DE', rate: 19 }] };
  assert.deepEqual(refused(await put('/api/v1/invoice-settings', { ...settings, vat_rate: 121, country_rates: [{ country_code: 'de', rate: 5.555 }] }), 422).errors.map((one) => one.field), ['vat_rate', 'country_rates[0].rate', 'country_rates[0].country_code']);
  const set = ok(await put('/api/v1/invoice-settings', settings));
  assert.deepEqual([set.seller.iban, set.vat_rate, set.invoice_prefix, set.year_in_number], ['NL91ABNA0417164300', 21, 'INV-', true]);
  assert.deepEqual(ok(await appliance.get('/api/v1/invoice-settings')), set);

  refused(await appliance.post(`${at}/invoice`, { rates: [{ line: 7, rate: 9 }] }), 422);
  const all = await Promise.all(Array.from({ length: 6 }, () => appliance.post(`${at}/invoice`, { rates: [{ line: 1, rate: 9 }] })));
  assert.deepEqual(all.map((one) => one.status).sort(), [200, 200, 200, 200, 200, 201]);
  const invoice = all[0].json.data;
  assert.match(invoice.name, /^INV-20\d\d-0001$/);
  assert.deepEqual([invoice.net, invoice.vat, invoice.gross, invoice.rates], [30, 5.1, 35.1, [{ rate: 21, net: 20, vat: 4.2 }, { rate: 9, net: 10, vat: 0.9 }]]);
  refused(await appliance.post(`${at}/refund/REF01/credit-note`, {}), 404);
  ok(await appliance.post(`${at}/refund`, { lines: [{ line: 0, quantity: 1 }] }), 201);
  const note = ok(await appliance.post(`${at}/refund/REF01/credit-note`, {}), 201);
  assert.deepEqual([note.kind, note.of_invoice, note.gross, note.vat], ['credit_note', invoice.name, 12.1, 2.1]);
  assert.equal(ok(await appliance.post(`${at}/refund/REF01/credit-note`, {})).name, note.name);
  assert.deepEqual(ok(await appliance.get(`${at}/invoice`)).map((one) => one.name), [invoice.name, note.name]);
  assert.deepEqual(ok(await appliance.get('/api/v1/invoice?kind=credit_note')).map((one) => one.name), [note.name]);
  const csv = await appliance.get('/api/v1/invoice?format=csv');
  assert.match(csv.headers['content-type'], /^text\/csv/);
  assert.deepEqual(csv.text.trim().split('\r\n').map((row) => row.split(',').slice(-4).join()), ['rate,net,vat,gross', '21.00,20.00,4.20,24.20', '9.00,10.00,0.90,10.90']);
  refused(await appliance.get('/api/v1/invoice?format=xml'), 422);
  assert.deepEqual(ok(await appliance.get(`/api/v1/invoice/${invoice.name}`)), invoice);
  refused(await appliance.get('/api/v1/invoice/INV-1999-0001'), 404);
  assert.ok(!JSON.stringify([invoice, note]).includes('Zyxander'));

  const paper = async () => {
    const answer = await appliance.get(`/api/v1/paper/invoice?invoices=${invoice.name},${note.name}&language=nl`);
    assert.equal(answer.status, 200, answer.text);
    return pdfPages(answer.bytes);
  };
  const [first, second] = await paper();
  assert.match(first, /Łódzka Herbata.*Factuur.*Zyxander Quillonbury.*Boek.*35,10\u00a0EUR.*Betaald\./s);
  assert.match(second, new RegExp(`Creditnota.*${invoice.name}.*12,10\u00a0EUR`, 's'));
  refused(await appliance.get('/api/v1/paper/invoice?invoices=NO-1'), 404);
  ok(await appliance.post('/api/v1/buyer/erase', { orders: [id], reason: 'asked' }));
  const gone = (await paper())[0];
  assert.ok(!gone.includes('Zyxander') && gone.includes('35,10'), gone);
  assert.match(gone, /gegevens van de koper zijn verwijderd/);
});

test('a line whose number the catalogue does not know says so, and is linked to a product', async () => {
  const { id, lines } = await place('LINK-1', [{ sku: 'their-cup', title: 'Cup', quantity: 1, price: 10 }]);
  assert.deepEqual([lines[0].in_catalogue, lines[0].backordered], [false, 1]);
  const at = `/api/v1/order/${id}/line/0`;
  refused(await put(at, { sku: 'NOT-THERE' }), 422);
  refused(await put(`/api/v1/order/${id}/line/7`, { sku: 'CUP' }), 404);
  const [line] = ok(await put(at, { sku: 'CUP' })).lines;
  assert.deepEqual([line.sku, line.channel_sku, line.in_catalogue, line.allocated], ['CUP', 'their-cup', true, 1]);
  ok(await appliance.post(`/api/v1/order/${id}/shipment`, {}), 201);
  refused(await put(at, { sku: 'POT' }), 409);
});

test('the timeline tells who did what and when, page by page, and not what notes say', async () => {
  const { id } = await place('TIME-1', [{ sku: 'POT', title: 'Pot', quantity: 1, price: 10 }]);
  const at = `/api/v1/order/${id}`;
  ok(await appliance.post(`${at}/hold`, { reason: 'manual', message: 'Zyxander called' }), 201);
  ok(await put(`${at}/tag/vip`));
  const kinds = [];
  for (let next = `${at}/timeline?per_page=2`; next; ) {
    const answer = await appliance.get(next);
    assert.equal(answer.status, 200, answer.text);
    assert.ok(!answer.text.includes('Zyxander'));
    kinds.push(...answer.json.data.map((one) => one.kind));
    assert.ok(answer.json.data.every((one) => one.by === 'test' && one.at));
    assert.equal(answer.json.meta.total, 4);
    next = answer.json.links.next;
  }
  assert.deepEqual(kinds, ['placed', 'held', 'noted', 'tagged']);
});

test('pieces are picked and packed by scans of their EAN: a wrong one is named, one too many refused, a missing one said', async () => {
  assert.equal((await appliance.post('/api/v1/product/SCAN', { title: 'Blue bowl', ean: '4006381333931' })).status, 201);
  ok(await appliance.post('/api/v1/stock/SCAN', { available: 10 }));
  const { id } = await place('SCAN-1', [{ sku: 'SCAN', title: 'Bowl', quantity: 3, price: 10 }, { sku: 'POT', title: 'Pot', quantity: 1, price: 5 }]);
  const at = `/api/v1/order/${id}`;
  const code = (answer) => refused(answer, 409).errors[0].code;
  assert.deepEqual(ok(await appliance.get(`${at}/fulfilment`)).lines.map((line) => [line.ean, line.allocated]), [['4006381333931', 3], ['', 1]]);
  const twice = { code: '04006381333931', scan: 'tablet-1' }; // as GTIN-14, and sent twice
  ok(await appliance.post(`${at}/pick`, twice));
  assert.equal(ok(await appliance.post(`${at}/pick`, twice)).lines[0].picked, 1);
  const wrong = await appliance.post(`${at}/pick`, { code: 'CUP' });
  assert.equal(code(wrong), 'not_on_list');
  assert.equal(wrong.json.detail, 'This is CUP (CUP), not on this list.');
  assert.equal(code(await appliance.post(`${at}/pick`, { code: '9999' })), 'unknown_code');
  assert.equal(code(await appliance.post(`${at}/pick`, { code: 'POT', quantity: 2 })), 'complete');
  refused(await appliance.post(`${at}/pick`, {}), 422);
  refused(await appliance.post(`${at}/pick`, { code: 'POT', line: 1 }), 422);
  const short = ok(await appliance.post(`${at}/short`, { line: 1, quantity: 1 }));
  assert.deepEqual([short.fulfilment, short.last.kind, short.lines[1].missing], ['picking', 'short', 1]);
  assert.deepEqual(ok(await appliance.get('/api/v1/order?short[eq]=true')).map((one) => one.id), [id]);
  ok(await appliance.post(`${at}/pick`, { line: 0, quantity: 2 }));
  assert.deepEqual(ok(await appliance.get('/api/v1/order?fulfilment[in]=picked')).map((one) => [one.id, one.fulfilment]), [[id, 'picked']]);
  ok(await appliance.post(`${at}/pack`, { code: 'SCAN' }));
  const packed = ok(await appliance.post(`${at}/pack`, { code: 'SCAN', quantity: 2, parcel: 'BOX-2' }));
  assert.deepEqual(packed.parcels.map((one) => one.lines[0].quantity), [1, 2]);
  assert.equal(code(await appliance.post(`${at}/pack`, { code: 'POT' })), 'not_picked');
  const undone = ok(await remove(`${at}/scan/${packed.last.event}`));
  assert.deepEqual([undone.parcels.length, undone.lines[0].packed, undone.last.kind], [1, 1, 'packed']);
  ok(await appliance.post(`${at}/pack`, { code: 'SCAN', quantity: 2, parcel: 'BOX-2' }));
  ok(await put(`${at}/parcel/BOX-2`, { weight_grams: 1200, length_mm: 300 }));
  refused(await put(`${at}/parcel/NONE`, {}), 404);
  refused(await put(`${at}/parcel/BOX-2`, { weight_grams: -1 }), 422);
  refused(await appliance.post(`${at}/shipment`, { lines: [{ line: 0, quantity: 1 }] }), 409); // they lie in parcels
  const sent = ok(await appliance.post(`${at}/shipment`, { identifier: 'BOX-2', method: 'DHL' }), 201);
  assert.deepEqual([sent.status, sent.parcels[0].weight_grams, sent.parcels[0].lines[0].quantity, sent.lines[1].missing], ['partially_shipped', 1200, 2, 1]);
  ok(await remove(`${at}/parcel/PACK01`));
  ok(await appliance.post(`${at}/pick`, { code: 'POT' })); // found after all
  assert.equal(ok(await appliance.post(`${at}/shipment`, {}), 201).status, 'shipped');
  const events = ok(await appliance.get(`${at}/timeline`)).filter((one) => one.kind === 'picked');
  assert.ok(events.every((one) => one.by === 'test' && one.details.line !== undefined));
});

test('an order is changed before it is sent: stock and total follow, never below what is done, and the same edit once', async () => {
  ok(await appliance.post('/api/v1/stock/CUP', { available: 10 }));
  const { id } = await place('EDIT-1', [{ sku: 'CUP', title: 'Cup', quantity: 2, price: 10 }], { shipping_cost: 5 });
  const at = `/api/v1/order/${id}`, before = await level('CUP');
  const edit = (body) => appliance.request('PATCH', at, { body });
  const asked = { lines: [{ line: 0, quantity: 3 }, { sku: 'POT', quantity: 1, price: '4.50' }, { title: 'Gift wrap', quantity: 1, price: 1 }], shipping_cost: 0, message: 'Zyxander telephoned', edit: 'desk-1' };
  for (let i = 0; i < 2; ++i) {
    const order = ok(await edit(asked));
    assert.deepEqual([order.total, order.amount_paid, order.amount_due, order.lines.length, order.lines[1].title], [35.5, 25, 10.5, 3, 'POT']);
  }
  assert.equal((await level('CUP')).allocated, before.allocated + 1);
  refused(await edit({ lines: [{ sku: 'NO-SUCH', quantity: 1 }] }), 422);
  refused(await edit({ lines: [{ line: 0, quantity: 1, price: 3 }] }), 422);
  refused(await edit({ lines: [{ line: 0, quantity: 0 }, { line: 1, quantity: 0 }, { line: 2, quantity: 0 }] }), 409);
  ok(await appliance.post(`${at}/shipment`, { lines: [{ line: 0, quantity: 2 }] }), 201);
  assert.equal(refused(await edit({ lines: [{ line: 0, quantity: 1 }] }), 409).errors[0].code, 'shipped');
  const edited = ok(await appliance.get(`${at}/timeline`)).find((one) => one.kind === 'edited');
  assert.deepEqual(edited.details.lines[0], { line: 0, sku: 'CUP', from: 2, to: 3 });
  assert.ok(!JSON.stringify(edited).includes('Zyxander'));
});

test('a report adds up what was ordered, came back and went back, by day, channel and category, and as CSV', async () => {
  assert.equal((await appliance.post('/api/v1/product/RPT', { title: 'Rug', categories: ['home/rugs'] })).status, 201);
  ok(await appliance.post('/api/v1/stock/RPT', { available: 9 }));
  const placed_at = '2024-02-29T23:59:59Z';
  const { id } = await place('RPT-1', [{ sku: 'RPT', title: 'Rug', quantity: 3, price: 20 }, { title: 'Wrap', quantity: 1, price: 1 }], { channel: 'bol', placed_at, ship_by: '2024-03-02T00:00:00Z', shipping_cost: 5 });
  await place('RPT-2', [{ sku: 'RPT', title: 'Rug', quantity: 1, price: 20 }], { placed_at, ship_by: '2999-01-01T00:00:00Z' });
  ok(await appliance.post(`/api/v1/order/${id}/cancel`, { lines: [{ line: 0, quantity: 1 }] }));
  ok(await appliance.post(`/api/v1/order/${id}/shipment`, {}), 201); // years too late
  ok(await appliance.post(`/api/v1/order/${id}/refund`, { lines: [{ line: 0, quantity: 1 }] }), 201);
  const report = async (more) => ok(await appliance.get(`/api/v1/report?from=2024-02-01&to=2024-02-29&${more}`)).rows;
  const all = (rows) => rows.map((row) => [row.key, row.currency_code, row.orders, row.units, row.sales, row.amount_refunded, row.due, row.on_time]);
  assert.deepEqual(all(await report('')), [['2024-02-29', 'EUR', 2, 4, 61, 20, 1, 0]]);
  assert.deepEqual(all(await report('group=channel')), [['bol', 'EUR', 1, 3, 41, 20, 1, 0], ['manual', 'EUR', 1, 1, 20, 0, 0, 0]]);
  assert.deepEqual(all(await report('group=category')), [['', 'EUR', 1, 1, 1, 0, 1, 0], ['home/rugs', 'EUR', 2, 3, 60, 20, 1, 0]]);
  assert.deepEqual(all(await report('channel=manual')), [['2024-02-29', 'EUR', 1, 1, 20, 0, 0, 0]]);
  const csv = await appliance.get('/api/v1/report?from=2024-02-01&to=2024-02-29&format=csv');
  assert.equal(csv.text.trim().split(/\r?\n/)[1], '2024-02-29,EUR,2,4,61.00,0,20.00,1,0');
  for (const bad of ['from=2024-02-30', 'from=yesterday', 'from=2026-02-01&to=2026-01-01', 'from=2020-01-01&to=2026-01-01', 'group=buyer', 'format=pdf']) refused(await appliance.get(`/api/v1/report?${bad}`), 422);
  ok(await appliance.post('/api/v1/vault/purge', { dry_run: false }));
  assert.deepEqual(all(await report('')), [['2024-02-29', 'EUR', 2, 4, 61, 20, 1, 0]]);
  assert.match(run(['reports', 'recount', '--data', shop.data]).out, /^done: \d+ orders of \d+ days, all sums were right$/m);
  assert.equal(ok(await appliance.get('/api/v1/report/recount')).counts.mended, 0);
});

test('pieces lie at locations: an order leaves from where it is promised, a transfer is in the ledger, a closed one sells nothing', async () => {
  ok(await appliance.post('/api/v1/product/JUG', { title: 'Jug' }), 201);
  const loft = ok(await appliance.post('/api/v1/location', { code: 'loft', name: 'The loft' }), 201);
  assert.deepEqual([loft.rank, loft.may_ship, loft.default], [1, true, false]);
  refused(await appliance.post('/api/v1/location', { code: 'loft' }), 409);
  refused(await appliance.request('PATCH', '/api/v1/location/main', { body: { active: false } }), 409);
  ok(await appliance.post('/api/v1/stock/JUG', { on_hand: 6 }));
  const bad = refused(await appliance.post('/api/v1/stock/JUG/transfer', { from: 'main', to: 'loft', quantity: 7 }), 409);
  assert.match(bad.detail, /Only 6 pieces/);
  const { locations, movements, available } = ok(await appliance.post('/api/v1/stock/JUG/transfer', { from: 'main', to: 'loft', quantity: 4 }));
  assert.deepEqual(locations.map((one) => [one.code, one.on_hand]), [['main', 2], ['loft', 4]]);
  assert.deepEqual(movements.map((one) => [one.reason, one.on_hand, one.location]), [['counted', 6, 'main'], ['transferred', -4, 'main'], ['transferred', 4, 'loft']]);
  assert.equal(available, 6);
  const { id, lines } = await place('LOFT-1', [{ sku: 'JUG', title: 'Jug', quantity: 3, price: 10 }]);
  assert.deepEqual(lines[0].promised_at, [{ code: 'loft', name: 'The loft', quantity: 3 }]);
  const sent = ok(await appliance.post(`/api/v1/order/${id}/shipment`, { location: 'loft' }), 201);
  assert.deepEqual(sent.timeline.at(-1).details.lines[0].from, [{ location: 'loft', quantity: 3 }]);
  const told = await level('JUG');
  assert.deepEqual([told.on_hand, told.locations[1].on_hand], [3, 1]);
  ok(await appliance.request('PATCH', '/api/v1/location/loft', { body: { active: false } }));
  assert.deepEqual([(await level('JUG')).available, (await level('JUG')).withheld], [2, 1]);
  assert.deepEqual(refused(await appliance.post('/api/v1/stock/JUG', { change: 1, location: 'moon' }), 404).errors ?? [], []);
});

test('an article that is no product is marked until it is linked, and orders of one address share a parcel', async () => {
  const lines = [{ sku: 'MYSTERY', title: 'Cup', quantity: 1, price: 10 }];
  const { id, attention } = await place('ODD-1', lines);
  assert.deepEqual(attention, [{ kind: 'unknown_sku', order_id: null }]);
  const twin = await place('ODD-2', lines);
  assert.deepEqual(twin.attention.map((one) => [one.kind, one.order_id]), [['unknown_sku', null], ['duplicate', id]]);
  const { facets } = (await appliance.get('/api/v1/order?needs_attention[eq]=true&sku[eq]=MYSTERY&facets=attention')).json;
  assert.deepEqual(facets.attention, { unknown_sku: 2, duplicate: 1 });
  for (const one of [id, twin.id]) assert.equal(ok(await put(`/api/v1/order/${one}/line/0`, { sku: 'CUP' })).attention.some((mark) => mark.kind === 'unknown_sku'), false);
  assert.deepEqual(ok(await remove(`/api/v1/order/${twin.id}/attention/duplicate`)).attention, []);
  const groups = ok(await appliance.get('/api/v1/together')).groups.filter((group) => group.orders.some((one) => one.id === id));
  assert.ok(groups[0].orders.some((one) => one.id === twin.id));
  const shipped = ok(await appliance.post('/api/v1/together', { orders: [id, twin.id], track_and_trace: '3S99' }), 201);
  assert.deepEqual(shipped.orders.map((one) => one.status), ['shipped', 'shipped']);
  const parcel = ok(await appliance.get(`/api/v1/order/${id}`)).parcels[0];
  assert.deepEqual([parcel.identifier, parcel.track_and_trace, parcel.together], [shipped.identifier, '3S99', [twin.id]]);
});

test('a kit is sold, picked, sent and taken back as its parts, and shows how many can be made of them', async () => {
  for (const [sku, pieces] of [['MUG', 7], ['LID', 3], ['GIFT-SET', 0]]) {
    assert.equal((await appliance.post(`/api/v1/product/${sku}`, { title: `The ${sku}` })).status, 201);
    if (pieces) ok(await appliance.post(`/api/v1/stock/${sku}`, { available: pieces }));
  }
  const pack = (body) => put('/api/v1/association-type/PACK', body);
  refused(await pack({ parts: true }), 422); // parts say how many
  const made_of = (sku, parts) => appliance.request('PATCH', `/api/v1/product/${sku}`, { body: { associations: { PACK: parts } } });
  ok(await made_of('GIFT-SET', [{ sku: 'MUG', quantity: 2 }, 'LID']));
  ok(await pack({ parts: true, quantified: true }), 201); // what had such links before is a kit from now on
  const level = async (sku) => ok(await appliance.get(`/api/v1/stock/${sku}`));
  const kit = await level('GIFT-SET');
  assert.deepEqual([kit.kit, kit.available, kit.scarcest], [true, 3, 'LID']);
  assert.deepEqual(kit.made_of[1], { sku: 'MUG', title: 'The MUG', quantity: 2, available: 7 });
  assert.deepEqual((await level('LID')).part_of, ['GIFT-SET']);
  assert.equal(ok(await appliance.get('/api/v1/product/GIFT-SET?include=offer')).offer.qty_available, 3);
  assert.ok(ok(await appliance.get('/api/v1/stock')).some((one) => one.sku === 'GIFT-SET' && one.kit && one.available === 3));

  assert.match(refused(await made_of('MUG', [{ sku: 'GIFT-SET', quantity: 1 }]), 422).errors[0].message, /pieces of its own/);
  assert.match(refused(await appliance.post('/api/v1/stock/GIFT-SET', { available: 9 }), 409).detail, /is a kit/);
  assert.match(refused(await remove('/api/v1/product/MUG'), 409).detail, /part of 1 kits, such as "GIFT-SET"/);

  const { id, lines } = await place('KIT-1', [{ sku: 'GIFT-SET', title: 'Gift set', quantity: 4, price: 30 }]);
  assert.deepEqual([lines[0].allocated, lines[0].backordered], [3, 1]);
  assert.deepEqual(lines[0].parts.map((one) => [one.sku, one.title, one.quantity, one.allocated]), [['LID', 'The LID', 1, 3], ['MUG', 'The MUG', 2, 6]]);
  assert.equal((await level('MUG')).available, 1);
  const at = `/api/v1/order/${id}`;
  ok(await appliance.post('/api/v1/stock/LID', { change: 1 })); // still a mug short
  ok(await appliance.post('/api/v1/stock/MUG', { change: 1 }));
  assert.equal(ok(await appliance.get(at)).lines[0].allocated, 4);
  ok(await appliance.post(`${at}/pick`, { code: 'MUG', quantity: 2 }));
  ok(await appliance.post(`${at}/pick`, { line: 0, part: 'LID' }));
  const work = ok(await appliance.post(`${at}/short`, { line: 0, part: 'LID', quantity: 3 }));
  assert.deepEqual([work.lines[0].picked, work.lines[0].missing, work.last.sku], [1, 3, 'LID']);
  const list = pdfPages((await appliance.get(`${at}/picking?format=pdf`)).bytes).join();
  assert.match(list, /The MUG \(Gift set\)/);
  const slip = pdfPages((await appliance.get(`${at}/packing-slip?format=pdf`)).bytes).join();
  assert.match(slip, /4 × LID/);
  ok(await appliance.post(`${at}/shipment`, { lines: [{ line: 0, quantity: 4 }] }), 201);
  assert.deepEqual([(await level('MUG')).on_hand, (await level('LID')).on_hand], [0, 0]);
  const { id: back } = ok(await appliance.post('/api/v1/return', { order_id: id, approved: true, lines: [{ line: 0, quantity: 1 }] }), 201);
  ok(await put(`/api/v1/return/${back}/receipt`, { lines: [{ line: 0, received: 1, restocked: 1 }] }));
  assert.deepEqual([(await level('MUG')).on_hand, (await level('GIFT-SET')).available], [2, 1]);
});
