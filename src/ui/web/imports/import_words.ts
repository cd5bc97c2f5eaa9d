// Words that only the import page has.
import { t, wordsOf } from '../i18n/i18n.svelte.ts';

export const i = wordsOf({
  en: {
    records: 'The file holds several kinds of things. Which are the rows?', count: { one: '{count} time', other: '{count} times' },
    use: 'A saved mapping', use_none: 'None', keep: 'Save this mapping under a name, for schedules and the next file', keep_it: 'Save the mapping', kept: 'The mapping {name} is saved.', waits: 'The vault is sealed. The import goes on by itself when somebody unseals it.', unseal: 'To the vault',
    same: 'The same file as in import {id}, and nothing has changed since: it did not have to be read again.', same_see: 'See that import',
    paste: 'Paste a table', pasted: 'What was copied', paste_hint: 'From a spreadsheet, with its first line of names; or CSV, JSON or XML.', look: 'Look at it', file_instead: 'Choose a file instead', download: 'Download the refused', refused_name: 'refused', column: 'Column',
  },
  nl: {
    records: 'Het bestand bevat meerdere soorten dingen. Welke zijn de rijen?', count: { one: '{count} keer', other: '{count} keer' },
    use: 'Een opgeslagen koppeling', use_none: 'Geen', keep: 'Deze koppeling onder een naam opslaan, voor schema’s en het volgende bestand', keep_it: 'Koppeling opslaan', kept: 'De koppeling {name} is opgeslagen.', waits: 'De kluis is verzegeld. De import gaat vanzelf verder als iemand hem opent.', unseal: 'Naar de kluis',
    same: 'Hetzelfde bestand als bij import {id}, en sindsdien is niets veranderd: het hoefde niet opnieuw gelezen te worden.', same_see: 'Die import bekijken',
    paste: 'Een tabel plakken', pasted: 'Wat gekopieerd is', paste_hint: 'Uit een rekenblad, met de eerste regel namen; of CSV, JSON of XML.', look: 'Bekijken', file_instead: 'In plaats daarvan een bestand kiezen', download: 'Geweigerde downloaden', refused_name: 'geweigerd', column: 'Kolom',
  },
  de: {
    records: 'Die Datei enthält mehrere Arten von Dingen. Welche sind die Zeilen?', count: { one: '{count}-mal', other: '{count}-mal' },
    use: 'Eine gespeicherte Zuordnung', use_none: 'Keine', keep: 'Diese Zuordnung unter einem Namen speichern, für Zeitpläne und die nächste Datei', keep_it: 'Zuordnung speichern', kept: 'Die Zuordnung {name} ist gespeichert.', waits: 'Der Tresor ist versiegelt. Der Import geht von selbst weiter, wenn ihn jemand entsiegelt.', unseal: 'Zum Tresor',
    same: 'Dieselbe Datei wie bei Import {id}, und seitdem hat sich nichts geändert: Sie musste nicht noch einmal gelesen werden.', same_see: 'Diesen Import ansehen',
    paste: 'Eine Tabelle einfügen', pasted: 'Was kopiert wurde', paste_hint: 'Aus einer Tabellenkalkulation, mit der ersten Zeile der Namen; oder CSV, JSON oder XML.', look: 'Ansehen', file_instead: 'Stattdessen eine Datei wählen', download: 'Abgelehnte herunterladen', refused_name: 'abgelehnt', column: 'Spalte',
  },
  fr: {
    records: 'Le fichier contient plusieurs sortes de choses. Lesquelles sont les lignes ?', count: { one: '{count} fois', other: '{count} fois' },
    use: 'Une correspondance enregistrée', use_none: 'Aucune', keep: 'Enregistrer cette correspondance sous un nom, pour les planifications et le prochain fichier', keep_it: 'Enregistrer la correspondance', kept: 'La correspondance {name} est enregistrée.', waits: 'Le coffre est scellé. L’import continue tout seul quand quelqu’un le descelle.', unseal: 'Vers le coffre',
    same: 'Le même fichier que pour l’import {id}, et rien n’a changé depuis : il n’a pas fallu le relire.', same_see: 'Voir cet import',
    paste: 'Coller un tableau', pasted: 'Ce qui a été copié', paste_hint: 'D’un tableur, avec la première ligne de noms ; ou du CSV, JSON ou XML.', look: 'Regarder', file_instead: 'Choisir plutôt un fichier', download: 'Télécharger les refusées', refused_name: 'refusées', column: 'Colonne',
  },
});

// What a file was taken for: plain tables in words, the systems by their names.
export const formatName = (format: string): string => (format === 'products' || format === 'mapped products' ? t('nav.products') : format === 'orders' ? t('nav.orders') : format === 'stock' ? t('imports.kind_stock') : format);
