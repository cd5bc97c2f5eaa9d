// What the appliance says in English to whoever imports, exports and writes rules is said in the other languages too:
// each sentence of these rooms' sources has a row in web/told, and each row still has its sentence.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../../src/ui/package.json', import.meta.url));
const vite = createRequire(require.resolve('vite/package.json'));
const { rolldown } = await import(pathToFileURL(vite.resolve('rolldown')));
globalThis.$state = Object.assign((value) => value, { raw: (value) => value }); // of the pages' compiler
globalThis.navigator ??= { languages: ['en'] }; // Node 20 has none
const bundle = await rolldown({ input: new URL('../../src/ui/web/told/say.ts', import.meta.url).pathname });
const { output } = await bundle.generate({ format: 'esm' });
const { kTable, inLanguage } = await import('data:text/javascript,' + encodeURIComponent(output[0].code));
const kHole = /\{\{(\w+)\}\}|\{[#@~+]?\w+(?::[^{}]*)?\}/g;
const kLanguages = ['en', 'nl', 'de', 'fr'];

const sources = new URL('../../src/', import.meta.url);
const filesOf = (room) => readdirSync(new URL(room, sources)).filter((name) => /\.(cpp|h)$/.test(name)).map((name) => `${room}/${name}`);

// Literals that stand side by side are one, as the compiler takes them. Of each is told whether it may be a mere name: the
// columns of other people's files are known by such, which stand in lists of texts and nothing else ({"Price", {"Preis"}}),
// are compared with (== "Price") or looked for (row.cell("Price")), and nobody is told them. Sentences stand in such lists
// too, beside what they are about ({"%PDF", "This is a PDF."}): isSentence tells them by more than a name has.
function textsOf(path) {
  const text = readFileSync(new URL(path, sources), 'utf8'), out = [], lists = [], sought = new Set();
  let run = '', open = false, at = 0, isSought = false;
  const end = () => {
    if (open) {
      const one = { text: run, isName: isSought };
      if (isSought) sought.add(run);
      out.push(one);
      lists.at(-1)?.texts.push(one);
    }
    [run, open] = ['', false];
  };
  const isOther = () => {
    if (lists.length > 0) lists.at(-1).isOfTexts = false;
  };
  const listEnds = () => {
    const { texts, isOfTexts } = lists.pop() ?? { texts: [], isOfTexts: false };
    if (!isOfTexts) return isOther();
    for (const one of texts) one.isName = true;
    lists.at(-1)?.texts.push(...texts);
  };
  while (at < text.length) {
    const rest = /^(?:\s+|\/\/[^\n]*|#[^\n]*)/.exec(text.slice(at, at + 400));
    if (rest) at += rest[0].length;
    else if (text.startsWith('R"', at)) {
      end();
      isOther();
      const close = text.indexOf(')' + text.slice(at + 2, text.indexOf('(', at)) + '"', at);
      at = text.indexOf('"', close) + 1;
    }
    else if (text[at] === '"') {
      if (!open) isSought = /(?:[=!]=|\b(?:has|cell|find|starts_with|ends_with)\()\s*$/.test(text.slice(Math.max(0, at - 40), at));
      const literal = /"((?:[^"\\]|\\.)*)"/sy;
      literal.lastIndex = at;
      const found = literal.exec(text);
      run += found[1].replace(/\\(.)/gs, (_, letter) => (letter === 'n' ? '\n' : letter));
      open = true;
      at += found[0].length;
    } else if (text[at] === "'" && /^'(?:\\.|[^'\\])+'/.test(text.slice(at, at + 8)) && !/\d/.test(text[at - 1])) {
      end();
      isOther();
      at += /^'(?:\\.|[^'\\])+'/.exec(text.slice(at, at + 8))[0].length;
    } else {
      end();
      if (text[at] === '{') lists.push({ texts: [], isOfTexts: true });
      else if (text[at] === '}') listEnds();
      else if (text[at] !== ',') isOther();
      ++at;
    }
  }
  end();
  for (const one of out) one.isName ||= sought.has(one.text);
  return out;
}
const literalsOf = (path) => textsOf(path).map((one) => one.text);

// Whose every sentence a seller may meet. What is left out: words for programs, for operators, of other formats.
const told = ['exchange', 'jobs', 'rules', 'expression', ...['csv', 'json_items', 'reading', 'unpacked', 'xlsx_reader', 'xml_reader', 'xml_records', 'zip_reader'].map((name) => `formats/${name}.cpp`), 'ground/zone.cpp',
  ...['normal_value', 'value_rules', 'product', 'references_matching', 'products_checks', 'limited'].map((name) => `catalog/${name}.cpp`)]
  .flatMap((place) => (place.endsWith('.cpp') ? [place] : filesOf(place)))
  .filter((path) => path !== 'rules/rule.h' && !/\/(carrier_\w+|carriers|field_names|price_names|export_writer|channel_file|index_rebuild|sales_recount|maintenance)\.(cpp|h)$/.test(path));
const kVerb = /^(is|are|has|have|had|must|names|holds|means|may|cannot|belongs|brings|gives|goes|says|was|needs|takes) /;
// What may be a name is a sentence when it begins with its verb, or has four words and a full stop, as names have not.
const isSentence = (text, isName = false) => /[a-z]{2,} [a-z]/.test(text) &&
  (kVerb.test(text) || (isName ? /^(?:\S+ ){3}/.test(text) && /[.;?!]$|[.;:?] /.test(text) : /[.;?!]$|[.;:] /.test(text) || /^[ ;,.:] ?\w/.test(text) || /^[A-Z]\w* [a-z]+ [a-z]+/.test(text)));
const kUntold = [ // reach no seller: of programs' own mistakes, damage of records
  /written by a newer|kept by a newer|is damaged|doctor|no known task|record is gone|such task|Enough was seen|enough products|cannot be sent to its|reader of the|shut in|given up/,
  /^(is|has) (visible|paid)$|\|usa\|/,
  /export-format|must be csv, tsv|^a format has|^a column has|^a mapping has columns|^mapping must be|JSON object, such as|must be product or order|must be upsert|cannot be given beside|must be a list of texts|must be an object|must be a comma|element's name such as products|must be text, number|at most 10,000 values|at most 500 columns|must be a name, null|must be a text of|what a value becomes|There is no such command/,
  /^is (one of$|all or any|product or order|eq, |true |a list of texts|a text, a number|manual, )|^Of an order is|^is not part of|^dry run/,
];

test('each sentence that a seller may meet has a row in each language', () => {
  const pieces = kTable.flatMap(([english]) => [english.replace(/\{\{(\w+)\}\}/g, '{$1}'), ...english.split(kHole).filter(Boolean)]);
  const missing = told.flatMap((path) => textsOf(path).filter(({ text, isName }) => isSentence(text, isName) && !kUntold.some((one) => one.test(text)))
    .map(({ text }) => text.replace(/^[;:,.]? +/, '').trimEnd()).filter((text) => text.length > 8 && !pieces.some((piece) => piece.includes(text) || (piece.length > 20 && text.startsWith(piece))) && inLanguage(text, 'nl') === text).map((text) => `${path}: ${text}`));
  assert.deepEqual(missing, [], 'say them in src/ui/web/told');
});

test('each row has its sentence still, and the same values in each language', () => {
  const literals = [...new Set(['exchange', 'jobs', 'rules', 'expression', 'formats', 'catalog', 'stock', 'orders', 'json', 'cell', 'gate', 'api', 'ground', 'search', 'http']
    .flatMap((room) => filesOf(room)).flatMap(literalsOf))], all = literals.join('\n') + readdirSync(new URL('exchange/channel_formats', sources)).map((name) => readFileSync(new URL(`exchange/channel_formats/${name}`, sources), 'utf8')).join('\n');
  // A piece between two values may be put together of several literals.
  const isSaid = (piece) => {
    if (piece.length < 9 || all.includes(piece)) return true;
    for (let cut = piece.length - 1; cut > 0; --cut) {
      const head = piece.slice(0, cut);
      if (literals.some((one) => (cut > 3 ? one.endsWith(head) : one === head))) return isSaid(piece.slice(cut)) || literals.some((one) => one.startsWith(piece.slice(cut)));
    }
    return false;
  };
  const seen = new Set(), wrong = [];
  for (const row of kTable) {
    if (row.length !== 4 || row.some((one) => one === '')) wrong.push(`not in four languages: ${row[0]}`);
    if (seen.has(row[0])) wrong.push(`twice: ${row[0]}`);
    seen.add(row[0]);
    const values = (text) => [...text.matchAll(/\{([#@~+]?\w+)\}/g)].map((one) => one[1]).sort().join();
    for (const [at, text] of row.entries()) if (values(text) !== values(row[0]) && !/\{example\}/.test(row[0])) wrong.push(`other values in ${kLanguages[at]}: ${row[0]}`);
    for (const piece of row[0].split(/\{[#@~+]?\w+\}/)) if (!isSaid(piece.replace(/\{\{(\w+)\}\}/g, '{$1}'))) wrong.push(`said no more: ${row[0]}`);
  }
  assert.deepEqual(wrong, []);
});

test('messages are said with their values, messages in messages too, and what is unknown stays whole', () => {
  for (const [english, language, said] of [
    ['is empty: the product cannot be told from others', 'de', 'ist leer: Das Produkt ist nicht von anderen zu unterscheiden'],
    ['The EAN 4006381333930 is mistyped: its last digit should be 1. It was kept as an attribute.', 'nl', 'De EAN 4006381333930 is verkeerd getypt: het laatste cijfer zou 1 moeten zijn. Het is als kenmerk bewaard.'],
    ['has 1 characters; at least 2 are needed', 'fr', 'a 1 caractère ; il en faut au moins 2'],
    ['The file a.csv was not imported: line 3: the file ends inside the XML; it seems to be cut off', 'nl', 'Het bestand a.csv is niet geïmporteerd: regel 3: het bestand eindigt midden in de XML; het lijkt afgebroken'],
    ['The file a.csv was not imported: nobody knows why', 'de', 'The file a.csv was not imported: nobody knows why'],
    ['new.csv: 2 rows: 1 created, 0 changed, 0 unchanged, 1 refused. What was refused lies in the folder refused, with a report beside it; mend it and put it back. Taken: old.csv: 1 row: 1 created, 0 changed, 0 unchanged, 0 refused', 'de',
      'new.csv: 2 Zeilen: 1 neu, 0 geändert, 0 unverändert, 1 abgelehnt. Was abgelehnt wurde, liegt im Ordner refused mit einem Bericht daneben; verbessern Sie es und legen Sie es zurück. Übernommen: old.csv: 1 Zeile: 1 neu, 0 geändert, 0 unverändert, 0 abgelehnt'],
    ['The formula cannot be read at character 7: there is no function uper.', 'de', 'Die Formel ist bei Zeichen 7 nicht zu lesen: eine Funktion uper gibt es nicht.'],
    ['link must hold {sku} or {ean}, or every product would have the same page', 'nl', 'link: moet {sku} of {ean} bevatten, anders had elk product dezelfde pagina'],
    ['names a file of a picture; pictures come by their address, or in a ZIP beside a table of the products', 'de', 'nennt eine Bilddatei; Bilder kommen mit ihrer Adresse oder in einem ZIP neben einer Tabelle der Produkte'],
    ['a.csv: The file is empty; b.csv: is a link, which is not read, since it may lead anywhere. Put the file itself here. Taken: new.csv: 1 row: 1 created, 0 changed, 0 unchanged, 0 refused', 'nl',
      'a.csv: Het bestand is leeg; b.csv: is een koppeling, die niet wordt gelezen omdat ze overal heen kan leiden. Zet het bestand zelf hier neer. Overgenomen: new.csv: 1 rij: 1 nieuw, 0 gewijzigd, 0 ongewijzigd, 0 geweigerd'],
    ['a.csv, b.csv and 42 more: are links, which are not read, since they may lead anywhere. Put the files themselves here; c.csv: The file is empty.', 'nl',
      'a.csv, b.csv en nog 42: zijn koppelingen, die niet worden gelezen omdat ze overal heen kunnen leiden. Zet de bestanden zelf hier neer; c.csv: Het bestand is leeg.'],
    ['The connection was lost. 512 bytes had come; nothing of them was imported.', 'fr', 'La connexion a été perdue. 512 octets étaient arrivés ; rien n’en a été importé.'],
    ['Amazon says its own words.', 'fr', 'Amazon says its own words.'],
    ['Amazon has no article', 'nl', 'Amazon has no article'],
    ['is less than 0.0005', 'de', 'ist kleiner als 0.0005'],
    ['is more than 9007199254740993', 'nl', 'is meer dan 9,007,199,254,740,993'],
    ['is before 2026-01-31', 'de', 'liegt vor dem Jan 31, 2026'],
    ['This file holds shopify products, but kind=tracking was asked for.', 'fr', 'Ce fichier contient des produits Shopify, mais il a été demandé : numéros de suivi.'],
    ['measurement families', 'fr', 'familles d’unités'],
    ['a.csv: line 3: the file ends inside the XML; it seems to be cut off; b.csv: The file is empty; c.xml: line 9: the file ends inside the XML; it seems to be cut off. What was refused lies in the folder refused, with a report beside it; mend it and put it back.', 'nl',
      'a.csv: regel 3: het bestand eindigt midden in de XML; het lijkt afgebroken; b.csv: Het bestand is leeg; c.xml: regel 9: het bestand eindigt midden in de XML; het lijkt afgebroken. Wat geweigerd is, ligt in de map refused met een verslag ernaast; verbeter het en zet het terug.'],
  ]) assert.equal(inLanguage(english, language), said);
});
