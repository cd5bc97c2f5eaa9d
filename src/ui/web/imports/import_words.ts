// Words that only the import page has.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const i = wordsOf({
  en: {
    records: 'The file holds several kinds of things. Which are the rows?', count: { one: '{count} time', other: '{count} times' },
    paste: 'Paste a table instead', pasted: 'What was copied', paste_hint: 'From a spreadsheet, with its first line of names; or CSV, JSON or XML.', look: 'Look at it', file_instead: 'Choose a file instead',
  },
  nl: {
    records: 'Het bestand bevat meerdere soorten dingen. Welke zijn de rijen?', count: { one: '{count} keer', other: '{count} keer' },
    paste: 'In plaats daarvan een tabel plakken', pasted: 'Wat gekopieerd is', paste_hint: 'Uit een rekenblad, met de eerste regel namen; of CSV, JSON of XML.', look: 'Bekijken', file_instead: 'In plaats daarvan een bestand kiezen',
  },
  de: {
    records: 'Die Datei enthält mehrere Arten von Dingen. Welche sind die Zeilen?', count: { one: '{count}-mal', other: '{count}-mal' },
    paste: 'Stattdessen eine Tabelle einfügen', pasted: 'Was kopiert wurde', paste_hint: 'Aus einer Tabellenkalkulation, mit der ersten Zeile der Namen; oder CSV, JSON oder XML.', look: 'Ansehen', file_instead: 'Stattdessen eine Datei wählen',
  },
  fr: {
    records: 'Le fichier contient plusieurs sortes de choses. Lesquelles sont les lignes ?', count: { one: '{count} fois', other: '{count} fois' },
    paste: 'Coller plutôt un tableau', pasted: 'Ce qui a été copié', paste_hint: 'D’un tableur, avec la première ligne de noms ; ou du CSV, JSON ou XML.', look: 'Regarder', file_instead: 'Choisir plutôt un fichier',
  },
});
