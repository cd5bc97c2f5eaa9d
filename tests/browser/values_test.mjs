// The pages' own arithmetic, without a browser: what people type for amounts, and edits of two people.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../src/ui/package.json', import.meta.url));
const vite = createRequire(require.resolve('vite/package.json'));
const { rolldown } = await import(pathToFileURL(vite.resolve('rolldown')));

globalThis.$state = Object.assign((value) => value, { raw: (value) => value }); // of the pages' compiler; what comes from there is not changed here
async function load(path) {
  const bundle = await rolldown({ input: new URL(`../../src/ui/web/${path}`, import.meta.url).pathname });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  return import('data:text/javascript,' + encodeURIComponent(output[0].code));
}
const { parseDecimal } = await load('kit/forms.ts');
const { rowsAsSent, standAlone, tableOf } = await load('imports/refused.ts');
const { columnsOf, keptColumns, kValueColumnsMax, moved, valueKey, valueName } = await load('products/column_choice.ts');
const { typedValue } = await load('products/typed_value.ts');
const { compareCombinations, missingOf, namingOf, valuesOf } = await load('products/variant_axes.ts');
const { changedFields, mergedDraft, seenOf, touchedFields, withStockOf } = await load('products/meanwhile.ts');
const { putTogether, standardMoved } = await load('model/together.ts');
const { attributeRow, attributeValue, changesOf, conflictsOf, draftOf, without } = await load('products/draft.ts');

test('amounts are read as people write them, and nonsense is no amount', () => {
  const table = [['12', '12'], ['12,5', '12.5'], ['12.50', '12.50'], ['1.234,50', '1234.50'], ['1,234.50', '1234.50'], ['1.234.567', '1234567'], [' 1 234,50 ', '1234.50'],
                 ["1'234.50", '1234.50'], ['-3,10', '-3.10'], ['.5', '0.5'], ['1.234', '1.234'], ['', null], ['12,', null], ['abc', null], ['1,2,3', null], ['12.34.56', null], ['1.23,4.5', null], ['€ 5', null]];
  for (const [typed, read] of table) assert.equal(parseDecimal(typed), read, JSON.stringify(typed));
});

const product = (changes = {}) => ({
  sku: 'A', title: 'Teapot', description: null, brand: 'Old', ean: null, family: null, parent: null, categories: ['kitchen'], images: [], enabled: true,
  attributes: { color: 'red', weight: 340, fragile: true, size: { w: 1 } }, locale: 'en', version: 1, created_at: '', updated_at: '', ...changes,
});

test('nothing edited is nothing to save, and attributes keep their kind', () => {
  assert.deepEqual(changesOf(product(), draftOf(product())), {});
  for (const value of ['red', 340, true, { w: 1 }, ['a'], null, { amount: 2, unit: 'GRAM' }, { amount: -0.5, unit: 'box_of_12' }, { amount: 1, unit: 'two words' }, { amount: 1, unit: '12' }]) assert.deepEqual(attributeValue(attributeRow('x', value)), value);
});

test('an amount with a unit is read as other amounts are, and what is none goes to the appliance as it is', () => {
  const read = (text) => attributeValue({ name: 'x', text, kind: 'measure' });
  assert.deepEqual(['1.234,5 GRAM', '12 kg', '1.5kg', 'much GRAM', '10 000', '10 000 m2'].map(read), [{ amount: 1234.5, unit: 'GRAM' }, { amount: 12, unit: 'kg' }, '1.5kg', 'much GRAM', '10 000', { amount: 10000, unit: 'm2' }]);
});

test('only what was edited is sent: emptied texts as null, removed attributes by name', () => {
  const draft = draftOf(product());
  draft.brand = '  ';
  draft.categories = 'kitchen\n garden/pots \n\n';
  draft.attributes = draft.attributes.filter((row) => row.name !== 'color');
  draft.attributes.find((row) => row.name === 'weight').text = '341,5';
  assert.deepEqual(changesOf(product(), draft), { brand: null, categories: ['kitchen', 'garden/pots'], attributes: { weight: 341.5, color: null } });
  const emptied = draftOf(product());
  emptied.attributes.find((row) => row.name === 'color').text = '';
  assert.deepEqual(changesOf(product(), emptied), { attributes: { color: null } });
  const named = draftOf(product());
  named.attributes.push({ name: '__proto__', text: 'kept', kind: 'text' });
  assert.equal(JSON.stringify(changesOf(product(), named)), '{"attributes":{"__proto__":"kept"}}');
});

test('two people conflict only where both changed the same to something else', () => {
  const now = product({ title: 'Their teapot', brand: 'Same', attributes: { ...product().attributes, color: 'blue' } });
  const mine = { title: 'My teapot', brand: 'Same', ean: '4006381333931', attributes: { color: 'green', weight: 1 } };
  assert.deepEqual(conflictsOf(product(), now, mine).map((one) => one.field), ['title', 'attributes.color']);
  assert.deepEqual(without(without(mine, 'title'), 'attributes.color'), { brand: 'Same', ean: '4006381333931', attributes: { weight: 1 } });
  assert.deepEqual(without({ attributes: { color: 'green' } }, 'attributes.color'), {});
});

test('what somebody else saved shows where nothing is typed, and what both changed is asked about when it is saved', () => {
  const before = product({ offer: { prices: { EUR: { sell_price: 5 } }, qty_available: 3 } });
  const now = product({ title: 'Theirs', brand: 'New', version: 2, attributes: { color: 'blue', weight: 1, fragile: true, extra: 'x' }, offer: { prices: { EUR: { sell_price: 6 } }, qty_available: 1 } });
  const changed = changedFields(before, now);
  assert.deepEqual(changed, ['title', 'brand', 'attributes.color', 'attributes.weight', 'attributes.size', 'attributes.extra', 'prices.EUR.sell_price']);
  const old = draftOf(before), draft = draftOf(before);
  draft.title = 'Mine';
  draft.attributes.find((row) => row.name === 'weight').text = '2';
  draft.attributes = [...draft.attributes.filter((row) => row.name !== 'fragile'), { name: 'added', text: '', kind: 'text' }]; // nothing is typed in it yet
  const typed = touchedFields(old, draft), both = changed.filter((field) => typed.includes(field));
  assert.deepEqual([typed, both], [['title', 'attributes.weight', 'attributes.fragile'], ['title', 'attributes.weight']]);
  const merged = mergedDraft(old, draft, draftOf(now)), seen = seenOf(now, before, both);
  assert.deepEqual([merged.title, merged.brand, merged.attributes.map((row) => [row.name, row.text])], ['Mine', 'New', [['color', 'blue'], ['weight', '2'], ['added', ''], ['extra', 'x']]]);
  assert.deepEqual(changesOf(seen, merged), { title: 'Mine', attributes: { weight: 2, fragile: null } });
  assert.deepEqual(conflictsOf(seen, now, changesOf(seen, merged)).map((one) => one.field), both);
  const counted = withStockOf({ product: before, etag: '1' }, now);
  assert.deepEqual([counted.product.offer, counted.etag], [{ ...before.offer, qty_available: 1 }, '1']);
  assert.deepEqual([seen.version, seenOf(now, before, []).version], [1, 2]);
});

test('columns of a list are known ones, once each, the title first; those of before are read, and others moved among', () => {
  assert.deepEqual(columnsOf(['sku', 'attributes.color', 'sku', 'gone', 7, 'attributes.a,b', 'attributes.material@nl-NL', 'title']), ['title', 'sku', 'attributes.color', 'attributes.material@nl-NL']);
  assert.equal(columnsOf(Array.from({ length: 40 }, (_, at) => `attributes.a${at}`)).length, 1 + kValueColumnsMax);
  assert.deepEqual([valueName('attributes.material@nl-NL'), valueName('attributes.a@b c'), valueName(valueKey('x@y', 'de'))], [{ name: 'material', locale: 'nl-NL' }, { name: 'a@b c', locale: '' }, { name: 'x@y', locale: 'de' }]);
  assert.deepEqual([moved(['title', 'a', 'b', 'c'], 'c', 1), moved(['title', 'a', 'b'], 'a', 0), moved(['title', 'a', 'b'], 'a', 9)], [['title', 'c', 'a', 'b'], ['title', 'a', 'b'], ['title', 'b', 'a']]);
  const kept = {};
  globalThis.localStorage = { getItem: (name) => kept[name] ?? null };
  const usual = ['title', 'sku', 'brand', 'category', 'price', 'stock', 'state'];
  assert.deepEqual(keptColumns(), usual);
  kept['products.hidden-columns'] = '["family","updated","completeness","stock"]';
  assert.deepEqual(keptColumns(), ['title', 'sku', 'brand', 'category', 'ean', 'price', 'state']);
  kept['products.columns'] = '["attributes.color","sku"]';
  assert.deepEqual(keptColumns(), ['title', 'attributes.color', 'sku']);
  for (const broken of ['no json', '{"a":1}', 'null']) assert.ok(((kept['products.columns'] = broken), keptColumns()).includes('sku'), broken);
});

test('what is typed into a cell is what its attribute holds, and nonsense goes to the appliance, which says what is wrong', () => {
  const table = [['decimal', '1.234,50', '1234.50'], ['number', 'many', 'many'], ['yes_no', 'false', false], ['choices', 'a, b,', ['a', 'b']], ['measurement', ' 1,5 kg ', '1,5 kg'], ['text', ' kept ', ' kept '], ['date', '', null]];
  for (const [type, typed, value] of table) assert.deepEqual(typedValue(typed, type, 'text'), value, type);
  assert.deepEqual([typedValue('12,5', undefined, 'number'), typedValue('true', undefined, 'boolean'), typedValue('  ', undefined, 'text')], [12.5, true, null]);
});

test('a form that two people save keeps what each of them changed, and names what both made different things of', () => {
  const read = { labels: { en: 'Shirts', de: 'Hemden' }, parent: '', position: 3, attributes: [{ code: 'color', required: [] }, { code: 'size', required: ['*'] }], axes: [['size']] };
  const opened = { ...read, position: '3' }; // as a form has it
  const mine = { ...opened, labels: { en: 'Tops', de: 'Hemden' }, attributes: [{ code: 'color', required: ['web'] }, { code: 'size', required: ['*'] }, { code: 'fabric', required: [] }] };
  const now = { ...read, labels: { en: 'Blouses', de: 'Blusen' }, parent: 'clothes', attributes: [{ code: 'size', required: ['*'] }, { code: 'color', required: ['shop'] }, { code: 'fit', required: [] }] };
  const { whole, parted } = putTogether(opened, mine, read, now);
  assert.deepEqual(parted, [{ path: ['labels', 'en'], mine: 'Tops', theirs: 'Blouses' }, { path: ['attributes', 'color', 'required'], mine: ['web'], theirs: ['shop'] }]);
  assert.deepEqual(whole, { labels: { en: 'Tops', de: 'Blusen' }, parent: 'clothes', position: 3, axes: [['size']], attributes: [{ code: 'color', required: ['web'] }, { code: 'size', required: ['*'] }, { code: 'fabric', required: [] }, { code: 'fit', required: [] }] });
  assert.equal(putTogether(opened, mine, read, now, ['["labels","en"]']).whole.labels.en, 'Blouses');
  const taken = putTogether(opened, { ...opened, attributes: [opened.attributes[1]] }, read, now); // out by one, changed by the other
  assert.deepEqual(taken.parted.map(({ path, mine }) => [path, mine]), [[['attributes', 'color'], null]]);
});

test('conversions of units are merged while the unit that they lead to stays', () => {
  const unit = (code, ...by) => ({ code, symbol: '', labels: {}, to_standard: by.map((value) => ({ operator: 'mul', value })) });
  const read = { standard_unit: 'PIECE', units: [{ ...unit('PIECE'), built_in: false }, unit('BOX', 12)] };
  const opened = { standard_unit: 'PIECE', units: [unit('PIECE'), unit('BOX', '12')] }; // as the form has it
  const mine = { ...opened, units: [unit('PIECE'), unit('BOX', '10')] };
  const named = { ...read, units: [{ ...unit('PIECE'), symbol: 'pc' }, unit('BOX', 12), unit('PALLET', 480)] };
  assert.equal(standardMoved(opened, mine, read, named), false);
  assert.deepEqual(putTogether(opened, mine, read, named), { whole: { ...named, units: [{ ...unit('PIECE'), symbol: 'pc' }, unit('BOX', '10'), unit('PALLET', 480)] }, parted: [] });
  const moved = { standard_unit: 'BOX', units: [unit('PIECE', 0.08), unit('BOX')] };
  assert.deepEqual([standardMoved(opened, mine, read, moved), standardMoved(opened, moved, read, { ...read, units: [unit('PIECE'), unit('BOX', 6)] }), standardMoved(opened, opened, read, moved)], [true, true, false]);
});

test('variants stand as their choices do, what nobody has made of their values is named, and called as the others are', () => {
  const orders = { color: ['red', 'blue'], size: ['s', 'm', 'xl'] }, codes = ['color', 'size'];
  const there = [{ color: 'blue', size: 'xl' }, { color: 'red', size: 'm' }, { color: 'red', size: 's' }, { color: 'pink' }];
  assert.deepEqual(there.toSorted((a, b) => compareCombinations(a, b, codes, orders)), [there[2], there[1], there[0], there[3]]);
  assert.deepEqual([valuesOf('color', there, orders), valuesOf('n', [{ n: 10 }, { n: 9 }, { n: 10 }], {}), valuesOf('t', [{ t: '104' }, { t: '38' }], {})], [['red', 'blue', 'pink'], [9, 10], ['38', '104']]);
  const values = [['red', 'blue'], ['s', 'm', 'xl']];
  assert.deepEqual(missingOf(codes, values, there, 2), { first: [{ color: 'red', size: 'xl' }, { color: 'blue', size: 's' }], count: 3 });
  assert.deepEqual(missingOf(codes, [['red'], []], there, 2), { first: [], count: 0 });
  assert.deepEqual(missingOf(['kg'], [[{ amount: 1, unit: 'KILOGRAM' }]], [{ kg: { amount: 1, unit: 'KILOGRAM' } }], 9), { first: [], count: 0 });
  const label = (_, value) => ({ red: 'Dark red', s: 'Small', m: 'Medium' })[value] ?? String(value), free = () => false;
  const named = (parent, siblings) => namingOf(parent, codes, siblings, label)({ color: 'red', size: 's' }, free);
  assert.equal(named('SHIRT-1', []), 'SHIRT-1-RED-S');
  assert.equal(named('shirt 1', []), 'shirt 1-red-s');
  assert.equal(named('SHIRT', [{ sku: 'SHIRT_red_m', of: { color: 'red', size: 'm' } }, { sku: 'ODD', of: { color: 'blue', size: 'm' } }]), 'SHIRT_red_s');
  assert.equal(named('SHIRT', [{ sku: 'SHIRT/Dark-red/Medium', of: { color: 'red', size: 'm' } }]), 'SHIRT/Dark-red/Small');
  assert.equal(namingOf('A', ['kg'], [], () => '0,5 kg')({ kg: { amount: 0.5, unit: 'KILOGRAM' } }, free), 'A-0.5KG');
  assert.equal(namingOf('A', ['on'], [], label)({ on: false }, (sku) => sku === 'A-NO-ON'), 'A-NO-ON-2');
});

test('refused rows are given back as they stand in the file, below its header', async () => {
  const sheet = new File(['Prices of May\r\nsku;name;price\r\nA;"Two; ""half""\r\npints";1\r\nB;5" pipe;x\r\nC;Mug;y'], 'a.csv', { type: 'text/csv' });
  const rows = await rowsAsSent(sheet, ['sku', 'name', 'price'], [{ line: 3 }, { line: 6 }]);
  assert.equal(await rows.text(), 'Prices of May\r\nsku;name;price\r\nA;"Two; ""half""\r\npints";1\r\nC;Mug;y');
  const lines = new File(['{"sku":"A"}\n{"sku":""}\n{"sku":"C"}'], 'a.ndjson');
  assert.equal(await (await rowsAsSent(lines, [], [{ line: 3 }, { line: 1 }])).text(), '{"sku":"A"}\n{"sku":"C"}');
  for (const other of ['PK\u0003\u0004', '<items/>', '[{}]']) assert.equal(await rowsAsSent(new File([other], 'a'), [], [{ line: 1 }]), null);
  assert.equal(await rowsAsSent(sheet, ['sku', 'name', 'price'], [{ line: 4 }]), null); // in the midst of a record
  assert.equal(tableOf(['Line', 'Key'], [['=1+1', '-5'], ['a "b"', "'=1"]], ';'), '\ufeff"Line";"Key"\r\n"\'=1+1";"-5"\r\n"a ""b""";"\'\'=1"\r\n');
  const inches = new File(['sku;name;size\r\nx;5"" pipe;y\r\nz;Mug;"1"\r\n\r\nsku;stock\r\nA;1\r\n'], 'a.csv');
  assert.equal(await (await rowsAsSent(inches, ['sku', 'name', 'size'], [{ line: 3 }])).text(), 'sku;name;size\r\nz;Mug;"1"\r\n');
  assert.equal(await rowsAsSent(inches, ['sku', 'name', 'size'], [{ line: 3 }, { line: 6 }]), null); // of a second table
  assert.equal(await rowsAsSent(inches, ['Größe'], [{ line: 3 }]), null); // no header is known
  assert.equal(await rowsAsSent(new File(['{"items": [\n  {"sku": "A"},\n  {"sku": "B"}\n]}'], 'a.json'), [], [{ line: 3 }]), null);
  assert.equal(await rowsAsSent({ size: 1, arrayBuffer: () => Promise.reject(new Error('changed')) }, ['sku'], [{ line: 2 }]), null);
  assert.deepEqual(['products', 'mapped products', 'shopify orders', 'shopify products', 'ebay products', 'akeneo options'].map((format) => standAlone(format, [])), [true, true, true, false, false, false]);
  assert.equal(standAlone('products', [{ line: 4, errors: [{ field: '', code: 'second_table', message: '' }] }]), false);
});
